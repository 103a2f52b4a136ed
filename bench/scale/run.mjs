// What things cost in a large installation, against the same in a small one: two PostgreSQL servers, each with a Gatehouse over it, both alive at once and asked in
// turn, so that a neighbour's noise meets both. Usage: node bench/scale/run.mjs [full | reduced] [requests per round] [rounds]. Needs GATEHOUSE_BINARY.
import { once } from 'node:events'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import http from 'node:http'
import { join } from 'node:path'
import { api, launch, token } from '../load/gatehouse.mjs'
import { postgres, rss, start, stop, stopAll, until } from '../load/processes.mjs'
import { generate, organization, sizes, sql, text, user } from './generate.mjs'

const size = process.argv[2] ?? 'full', requests = Number(process.argv[3] ?? 60), rounds = Number(process.argv[4] ?? 7)
const binary = process.env.GATEHOUSE_BINARY, password = 'a long enough bench passphrase'
const lines = []
const say = (line) => { console.log(line); lines.push(line) }
const agent = new http.Agent({ keepAlive: true, maxSockets: 4 })

/** One request over a connection that stays open; fetch would add more time of its own than some answers take. */
function ask(world, method, path, body, type = 'application/json', authorization = `Bearer ${world.token}`) {
  const url = new URL(world.url + path), data = body && Buffer.from(type === 'application/json' ? JSON.stringify(body) : new URLSearchParams(body).toString())
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port: url.port, path: url.pathname + url.search, method, agent, headers: { host: url.host, ...(authorization ? { authorization } : {}), ...(data ? { 'content-type': type, 'content-length': data.length } : {}) } }, (response) => {
      let said = ''
      response.setEncoding('utf8').on('data', (d) => { said += d }).on('end', () => response.statusCode < 300 ? resolve(said ? JSON.parse(said) : null) : reject(new Error(`${method} ${path}: ${response.statusCode} ${said.slice(0, 400)}`)))
    })
    request.on('error', reject)
    request.end(data)
  })
}

async function furnish(name, size) {
  const connection = await postgres(), port = /Port=(\d+)/.exec(connection)[1]
  // While the rows are made nothing of theirs must outlive a power cut; afterwards everything is as it comes.
  const filling = { max_wal_size: '8GB', checkpoint_timeout: '30min', fsync: 'off', full_page_writes: 'off' }
  for (const [key, value] of Object.entries(filling)) sql(port, `ALTER SYSTEM SET ${key} = '${value}'`, 'postgres')
  sql(port, 'SELECT pg_reload_conf()', 'postgres')
  const server = await launch(binary, connection)
  const tenant = await api(server, 'POST', '/tenants', { slug: 'big', display_name: 'Big' })
  const uuid = sql(port, `SELECT id FROM tenants WHERE slug = 'big'`)
  const inside = async (method, path, body) => {
    const response = await fetch(`${server.url}/api/v1${path}`, { method, headers: { authorization: `Bearer ${server.token}`, 'content-type': 'application/json', 'x-tenant': tenant.id }, body: body && JSON.stringify(body) })
    const answer = await response.json()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`)
    return answer
  }
  await fetch(`${server.url}/api/v1/tenants/${tenant.id}/settings`, { method: 'PATCH', headers: { authorization: `Bearer ${server.token}`, 'content-type': 'application/json' }, body: JSON.stringify({ limits: { sign_ins_per_ip: 1_000_000 } }) })
  const scopes = ['users:read', 'organizations:read', 'members:read', 'audit:read', 'audit:pii', 'permissions:check', 'groups:read', 'roles:read']
  const make = async (registration) => { const { client, secret } = await inside('POST', '/clients', registration); return { client_id: client.id, client_secret: secret } }
  const driver = await make({ name: 'driver', type: 'confidential', administrator: true, grant_types: ['client_credentials'], scopes })
  await inside('POST', '/apis', { name: 'bench', identifier: 'https://bench.example/api', scopes: [{ name: 'bench.read' }] })
  const machine = await make({ name: 'machine', type: 'confidential', grant_types: ['client_credentials'], scopes: ['bench.read'] })
  const app = await make({ name: 'app', type: 'confidential', first_party: true, headless: true, redirect_uris: ['https://bench.example/app'], scopes: ['openid', 'profile', 'email', 'offline_access'] })
  const first = await inside('POST', '/users', { emails: ['first@example.com'], email_verified: true, display_name: 'First', password })
  const phc = sql(port, `SELECT p.phc FROM passwords p JOIN user_emails e ON e.tenant_id = p.tenant_id AND e.user_id = p.user_id WHERE e.normalized = 'first@example.com'`)
  // Nobody is there meanwhile: its jobs would find half of what a tenant has.
  await stop(server.child)
  if (server.child.exitCode === null && server.child.signalCode === null) await once(server.child, 'exit')
  const begun = performance.now()
  await generate(port, server.data, { id: uuid, issuer: tenant.issuer }, size, phc)
  for (const key of Object.keys(filling)) sql(port, `ALTER SYSTEM RESET ${key}`, 'postgres')
  sql(port, 'SELECT pg_reload_conf()', 'postgres')
  sql(port, 'CHECKPOINT')
  const made = (performance.now() - begun) / 1000
  say(`- ${name}: ${Object.entries(sizes[size]).map(([k, v]) => `${v.toLocaleString('en')} ${k}`).join(', ')}; ${sql(port, 'SELECT pg_size_pretty(pg_database_size(current_database()))')}, made in ${made.toFixed(0)} s`)
  return { name, port, url: tenant.issuer, tenant: uuid, driver, machine, app, count: sizes[size], first: first.id, server, scopes }
}

/** The server begins as after any restart. */
async function wake(world) {
  const { server, scopes, driver } = world, woken = performance.now()
  world.child = start(binary, ['serve', '--data', server.data, '--urls', server.base], server.env)
  await until(async () => (await fetch(`${server.base}/readyz`)).ok, 'restart', 120)
  say(`- ${world.name}: ready ${(performance.now() - woken).toFixed(0)} ms after its start`)
  world.renew = async () => { world.token = (await token(world, { grant_type: 'client_credentials', ...driver, scope: scopes.join(' '), resource: `${world.url}/api/v1` })).access_token }
  await world.renew().catch((error) => { throw new Error(`${error.message}; the server said: ${world.child.text.slice(-3000)}`) })
}

const pick = (i, n, salt = 7919) => (i * salt + 13) % n
const userId = (n) => text('usr', user(n).id), orgId = (n) => text('org', organization(n).id)
const q = encodeURIComponent
/** One of the first, who have passwords, and not one that is disabled. */
const signer = (i) => { const n = pick(i, 499); return n % 50 === 49 ? n - 1 : n }

/** A sign-in on an application's own page: three requests, of which the last has the password's hash in it. */
async function signIn(world, i) {
  const verifier = randomBytes(32).toString('base64url'), { client_id, client_secret } = world.app
  const { auth_session } = await ask(world, 'POST', '/flows/v1/start', { client_id, client_secret, scope: 'openid profile email offline_access', code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256' }, 'application/json', null)
  await ask(world, 'POST', '/flows/v1/submit', { auth_session, step: 'identifier', values: { email: user(signer(i)).email } }, 'application/json', null)
  const done = await ask(world, 'POST', '/flows/v1/submit', { auth_session, step: 'password', values: { password } }, 'application/json', null)
  if (!done.authorization_code) throw new Error(`no code: ${JSON.stringify(done)}`)
  return { code: done.authorization_code, verifier }
}
const get = (path) => (world, i) => ask(world, 'GET', typeof path === 'function' ? path(world, i) : path)
// A page may be empty and lead on where many have the beginning of what is looked for: then the answer is all pages up to the one that has it.
async function search(world, what, text, more = '') {
  const path = `/api/v1/users?search=${q(text)}${more}`
  let page = await ask(world, 'GET', path)
  for (let turn = 0; !page.items.length && page.next && turn < 20; turn++) page = await ask(world, 'GET', `${path}&cursor=${q(page.next)}`)
  return some(page, what)
}
const some = (result, what) => { if (!result.items?.length) throw new Error(`${what} found nothing`); return result }

// Pages are as long as the small one has entries to fill them, so that both send as much.
const operations = {
  'sign-in: identifier, password, code': { run: (w, i) => signIn(w, i), fewer: 3 },
  'sign-in: begin and identifier (no hash)': { run: async (w, i) => {
    const { auth_session } = await ask(w, 'POST', '/flows/v1/start', { ...w.app, scope: 'openid', code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' }, 'application/json', null)
    await ask(w, 'POST', '/flows/v1/submit', { auth_session, step: 'identifier', values: { email: user(pick(i, w.count.users)).email } }, 'application/json', null)
  } },
  'token: code exchange': { prepare: (w, i) => signIn(w, i), run: (w, i, made) => ask(w, 'POST', '/oauth2/token', { grant_type: 'authorization_code', code: made.code, code_verifier: made.verifier, ...w.app }, 'application/x-www-form-urlencoded', null), fewer: 3 },
  'token: client_credentials': { run: (w) => ask(w, 'POST', '/oauth2/token', { grant_type: 'client_credentials', ...w.machine, scope: 'bench.read', resource: 'https://bench.example/api' }, 'application/x-www-form-urlencoded', null) },
  'user by id': { run: get((w, i) => `/api/v1/users/${userId(pick(i, w.count.users))}`) },
  'user search: an address': { run: (w, i) => search(w, 'an address', user(pick(i, w.count.users)).email) },
  'user search: beginning of a common name': { run: (w, i) => search(w, 'a common name', user(pick(i, 20, 3)).given.slice(0, 3), '&limit=50') },
  'user search: beginning of a full name': { run: (w, i) => { const u = user(pick(i, w.count.users)); return search(w, 'a full name', `${u.given} ${u.family}`) } },
  'user search: a number': { run: (w, i) => search(w, 'a number', user(pick(i, w.count.users)).phone) },
  'user search: nobody': { run: get((w, i) => `/api/v1/users?search=${q(`zzz${i}`)}`) },
  'user search: filter by address': { run: get((w, i) => `/api/v1/users?filter=${q(`email eq "${user(pick(i, w.count.users)).email}"`)}`) },
  'list: users, newest page': { run: get('/api/v1/users?limit=50') },
  'list: users, a page far in': { once: async (w) => { let next = null; for (let p = 0; p < 15; p++) next = (await ask(w, 'GET', `/api/v1/users?limit=50${next ? `&cursor=${q(next)}` : ''}`)).next; w.cursor = next }, run: get((w) => `/api/v1/users?limit=50&cursor=${q(w.cursor)}`) },
  'list: users by name': { run: get('/api/v1/users?limit=50&sort=display_name') },
  'list: active users, by filter': { run: get(`/api/v1/users?limit=50&filter=${q('status eq "active"')}`) },
  'list: organizations': { run: get('/api/v1/organizations?limit=50') },
  'list: members of an organization': { run: get((w, i) => `/api/v1/organizations/${orgId(pick(i, w.count.organizations))}/members`) },
  'permission check: of the same 100 people': { run: (w, i) => ask(w, 'POST', '/api/v1/permissions/check', { subject: userId(pick(i, 100)), permission: 'members:read', organization: orgId(pick(i, 100) % w.count.organizations), workspace: null, application: null }) },
  'permission check: of anybody': { run: (w, i) => { const n = pick(i, w.count.users); return ask(w, 'POST', '/api/v1/permissions/check', { subject: userId(n), permission: 'members:read', organization: orgId(n % w.count.organizations), workspace: null, application: null }) } },
  'effective permissions of anybody': { run: get((w, i) => `/api/v1/users/${userId(pick(i, w.count.users))}/effective-permissions`) },
  'audit: newest page': { run: get('/api/v1/audit?limit=50') },
  'audit: by actor': { run: async (w, i) => some(await get(`/api/v1/audit?limit=10&actor=${userId(pick(pick(i, 1000), 1000))}`)(w), 'actor') },
  'audit: by target': { run: get((w, i) => `/api/v1/audit?limit=10&target=${userId(pick(i, 1000))}`) },
  'audit: by action': { run: async (w) => some(await get('/api/v1/audit?limit=50&action=session.started')(w), 'action') },
  'audit: by outcome': { run: async (w) => some(await get('/api/v1/audit?limit=50&outcome=failure')(w), 'outcome') },
  'audit: by address': { run: get((w, i) => `/api/v1/audit?limit=1&ip=192.0.${i % 30}.7`) },
  'audit: by organization': { run: get((w, i) => `/api/v1/audit?limit=50&organization=${orgId((pick(i, 33) * 3) % w.count.organizations)}`) },
  'audit: of a day': { run: async (w) => some(await get('/api/v1/audit?limit=50&from=2026-08-01T00:00:00Z&to=2026-08-02T00:00:00Z')(w), 'a day') },
  'audit: action of a day': { run: async (w) => some(await get('/api/v1/audit?limit=10&action=user.updated&from=2026-08-01T00:00:00Z&to=2026-08-02T00:00:00Z')(w), 'a day') },
  'audit: statistics': { run: get('/api/v1/audit/statistics?from=2026-08-01&to=2026-08-31') },
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
const sorted = (values) => [...values].sort((a, b) => a - b)
const ms = (v) => v < 10 ? v.toFixed(2) : v.toFixed(1)

/** Asks both in turn, and reports. */
async function contest(worlds) {
  for (const w of worlds) await wake(w)
  say('\n| operation | small p50 | p99 ms | large p50 | p99 ms | p50 ratio (range) | p99 ratio of all |\n| --- | --- | --- | --- | --- | --- | --- |')
  const only = process.env.ONLY && new RegExp(process.env.ONLY)
  const entries = Object.entries(operations).filter(([name]) => !only || only.test(name))
  const times = new Map(entries.map(([name]) => [name, worlds.map(() => [])])), failed = new Map()
  let number = 0
  for (let round = -1; round < rounds; round++) {
    for (const w of worlds) await w.renew()
    for (const [name, { run, prepare, once, fewer = 1 }] of entries) {
      if (failed.has(name)) continue
      try {
        if (round === -1 && once) for (const w of worlds) await once(w)
        const count = Math.ceil(requests / fewer)
        // What comes first pays for what sleeps: a few that do not count, then both in turn, request by request.
        const here = worlds.map(() => [])
        for (let k = -3; k < count; k++) {
          number++
          for (const side of (round + k) % 2 ? [0, 1] : [1, 0]) {
            const w = worlds[side], made = prepare ? await prepare(w, number) : undefined
            const begun = performance.now()
            await run(w, number, made)
            if (k >= 0) here[side].push(performance.now() - begun)
          }
        }
        // The first round is for the compiler.
        if (round >= 0) here.forEach((list, side) => times.get(name)[side].push(list))
      } catch (error) { failed.set(name, `number ${number}: ${error.message}`) }
    }
  }
  for (const [name, [small, large]] of times) {
    if (failed.has(name)) { say(`| ${name} | failed: ${failed.get(name)} | | | | | |`); continue }
    const all = [small, large].map((r) => sorted(r.flat())), ratios = sorted(small.map((s, i) => at(sorted(large[i]), 0.5) / at(sorted(s), 0.5)))
    say(`| ${name} | ${ms(at(all[0], 0.5))} | ${ms(at(all[0], 0.99))} | ${ms(at(all[1], 0.5))} | ${ms(at(all[1], 0.99))} | ${at(ratios, 0.5).toFixed(2)} (${ratios[0].toFixed(2)}–${ratios.at(-1).toFixed(2)}) | ${(at(all[1], 0.99) / at(all[0], 0.99)).toFixed(2)} |`)
  }
  say(`\nResident: ${worlds.map((w) => `${w.name} ${rss(w.child.pid).toFixed(0)} MB`).join(', ')}.`)
  if (process.env.VERIFY) for (const w of worlds) {
    const { execFileSync } = await import('node:child_process')
    const begun = performance.now()
    const said = execFileSync(binary, ['audit', 'verify', '--data', w.server.data, '--tenant', 'big'], { env: { ...process.env, ...w.server.env }, encoding: 'utf8' })
    say(`\n\`gatehouse audit verify\`, ${w.name}: ${said.trim().split('\n').at(-1)} (${((performance.now() - begun) / 1000).toFixed(0)} s)`)
  }
  writeFileSync(process.env.REPORT ?? join(import.meta.dirname, 'report.md'), lines.join('\n') + '\n')
  for (const w of worlds) await stop(w.child)
  if (failed.size) process.exitCode = 1
}

/** Making them takes many times as long as asking them, and may have company; asking may not. A file says that it is quiet, and the next one that it is again. */
async function told(file) {
  console.log(`Waiting for ${file}.`)
  while (!existsSync(file)) await new Promise((r) => setTimeout(r, 1000))
  rmSync(file)
}

try {
  say(`# At scale\n\n${cpus().length} × ${cpus()[0].model}. PostgreSQL as it comes (128 MB of shared buffers). ${rounds} rounds; in each, every operation on the small and the large installation in turn, who is first alternating, one request at a time. Ratios are large / small, taken within a round; the range over the rounds is the noise.\n`)
  const worlds = [await furnish('small', 'small'), await furnish('large', size)], head = [...lines]
  if (!process.env.WAIT) await contest(worlds)
  else for (let turn = 0; turn < 20; turn++) {
    await told(process.env.WAIT)
    if (existsSync(`${process.env.WAIT}.end`)) break
    lines.splice(0, Infinity, ...head)
    await contest(worlds).catch((error) => console.log(error))
  }
} finally {
  await stopAll()
}
