// Writes docs/examples/gatehouse.postman_collection.json (Postman collection 2.1) out of docs/openapi.json. `node postman.mjs [file]`.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { description, root, walk } from './plan.mjs'

const document = description()
function item(step) {
  const [path] = step.target.split('?')
  const tests = [
    `pm.test('answers as described', () => pm.expect(pm.response.code).to.be.oneOf(${JSON.stringify(step.expect)}))`,
    ...(step.save ? [`if (pm.response.code < 300) pm.collectionVariables.set('${step.save[0]}', pm.response.json()${step.save[1].split('.').map((p) => /^\d+$/.test(p) ? `[${p}]` : `.${p}`).join('')})`] : []),
  ]
  return {
    name: step.again ? `${step.id} (another)` : step.id,
    event: [{ listen: 'test', script: { type: 'text/javascript', exec: tests } }],
    request: {
      method: step.method,
      header: step.type ? [{ key: 'Content-Type', value: step.type }] : [],
      ...(step.body === undefined ? {} : { body: { mode: 'raw', raw: JSON.stringify(step.body, null, 2), options: { raw: { language: 'json' } } } }),
      url: { raw: `{{gatehouse}}${path}`, host: ['{{gatehouse}}'], path: path.slice(1).split('/') },
      description: step.summary,
    },
  }
}

const steps = walk(document)
const variables = [...new Set(steps.flatMap((s) => [...JSON.stringify([s.target, s.body ?? null]).matchAll(/\{\{([a-z_]+_id)\}\}/g)].map((m) => m[1])))].sort()
// Folders run from top to bottom, in the order of the walk.
const part = (name) => steps.filter((s) => s.part === name)
const collection = {
  info: {
    name: document.info.title, schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    description: `${document.info.description}\n\nSet the variables gatehouse (the tenant's address) and token. Run from top to bottom it makes an example of everything, uses it and takes it away again.`,
  },
  auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{token}}', type: 'string' }] },
  variable: [{ key: 'gatehouse', value: document.servers[0].url }, { key: 'token', value: '' }, ...variables.map((key) => ({ key, value: '' }))],
  item: [inOrder('Make', 'One of everything; its ids are kept in variables.', part('make')), inOrder('Use', 'Read, ask and change.', part('use')), inOrder('Remove', 'Take it away again.', part('remove'))],
}

/** Folders by tag, without changing the order. */
function inOrder(name, about, list) {
  const groups = []
  for (const step of list) {
    if (groups.at(-1)?.tag !== step.tag) groups.push({ tag: step.tag, steps: [] })
    groups.at(-1).steps.push(step)
  }
  return { name, description: about, item: groups.map((g) => ({ name: g.tag, description: document.tags.find((t) => t.name === g.tag)?.description ?? '', item: g.steps.map(item) })) }
}

writeFileSync(process.argv[2] ?? join(root, 'docs', 'examples', 'gatehouse.postman_collection.json'), JSON.stringify(collection, null, 1) + '\n')
