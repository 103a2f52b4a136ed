// Permission checks: one a request, and a hundred a request. 300 users with roles of their own, of an organization and of included roles; all in memory once asked.
import { join } from 'node:path'
import { api, token } from './gatehouse.mjs'
import { wrk } from './processes.mjs'

const users = 300, batch = 100

async function arrange(server) {
  server.token = (await token(server, { grant_type: 'client_credentials', client_id: server.client_id, client_secret: server.client_secret, resource: `${server.url}/api/v1` })).access_token
  const made = await api(server, 'POST', '/apis', { name: 'checks', identifier: 'https://bench.example/checks' })
  const permissions = Array.from({ length: 60 }, (_, i) => ({ name: `thing${i}:do` }))
  await api(server, 'PUT', `/apis/${made.id}/permissions`, { permissions })
  // Ten roles, each including the one before it.
  for (let r = 0; r < 10; r++)
    await api(server, 'POST', '/roles', { key: `bench${r}`, permissions: permissions.slice(r * 6, r * 6 + 6).map((p) => p.name), includes: r ? [`bench${r - 1}`] : [] })
  const organization = (await api(server, 'POST', '/organizations', { slug: 'bench', display_name: 'Bench' })).id
  const people = []
  for (let u = 0; u < users; u++) {
    const { id } = await api(server, 'POST', '/users', { emails: [`check${u}@example.com`] })
    await api(server, 'POST', `/organizations/${organization}/members`, { user: id })
    await api(server, 'POST', '/role-assignments', { holder: id, role: `bench${u % 10}` })
    await api(server, 'POST', '/role-assignments', { holder: id, role: `bench${(u + 5) % 10}`, organization })
    people.push(id)
  }
  const check = (i) => ({ subject: people[(i * 7) % users], permission: `thing${(i * 11) % 60}:do`, ...(i % 2 ? { organization } : {}) })
  return { one: JSON.stringify(check(1)), many: JSON.stringify({ checks: Array.from({ length: batch }, (_, i) => check(i)) }) }
}

export async function checks({ contest, say, seconds }, servers) {
  const lua = join(import.meta.dirname, 'post.lua')
  const contenders = []
  for (const s of servers) {
    const { one, many } = await arrange(s)
    const ask = (path, body) => () => wrk(s.pid, lua, `${s.url}/api/v1/permissions/${path}`, { env: { BODY: body, CONTENT: 'application/json', AUTH: `Bearer ${s.token}` }, seconds })
    contenders.push({ name: `one a request, ${s.name}`, each: 1, run: ask('check', one) }, { name: `${batch} a request, ${s.name}`, each: batch, run: ask('check-batch', many) })
  }
  await contest('Permission checks', contenders, { yardstick: null })
  say('')
  const middle = (values) => [...values].sort((a, b) => a - b)[values.length >> 1]
  for (const c of contenders) say(`- ${c.name}: ${Math.round(c.each * 1e6 / middle(c.runs.map((r) => r.cpuMicros))).toLocaleString('en')} checks per second of CPU, the request around them included`)
  // What a hundred cost more than one is what checks cost; the rest is the request, whose caller is read from the database each time.
  for (const s of servers) {
    const [one, many] = [1, batch].map((each) => contenders.find((c) => c.name.endsWith(s.name) && c.each === each).runs)
    const each = one.map((run, i) => (many[i].cpuMicros - run.cpuMicros) / (batch - 1)).sort((a, b) => a - b)
    say(`- a check itself, with its part of both bodies, ${s.name}: ${middle(each).toFixed(2)} µs (${each[0].toFixed(2)}–${each.at(-1).toFixed(2)}), ${Math.round(1e6 / middle(each)).toLocaleString('en')} per second of one core`)
  }
}
