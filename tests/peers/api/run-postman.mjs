// Runs the committed Postman collection with newman. Standard input: {"gatehouse": …, "token": …, "name": …}; name stands where the examples say acme.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import newman from 'newman'
import { input } from '../steps.mjs'
import { root } from './plan.mjs'

const { gatehouse, token, name, timeout = 20000 } = await input()
const collection = JSON.parse(readFileSync(join(root, 'docs', 'examples', 'gatehouse.postman_collection.json'), 'utf8').replaceAll('acme', name))
newman.run({ collection, envVar: [{ key: 'gatehouse', value: gatehouse }, { key: 'token', value: token }], reporters: [], timeoutRequest: timeout }, (error, summary) => {
  if (error) throw error
  const { requests, assertions } = summary.run.stats
  for (const { source, error: what } of summary.run.failures) {
    const last = summary.run.executions.find((e) => e.item.name === source?.name)
    console.error(`${source?.name}: ${what.message} ${last?.response?.stream?.toString() ?? ''}`)
  }
  console.log(JSON.stringify({ requests: requests.total, assertions: assertions.total, failed: summary.run.failures.length }))
  process.exit(summary.run.failures.length ? 1 : 0)
})
