// The load benchmark: what the server does under 32 connections, against bare Kestrel and against a peer, in one run on one machine.
// Usage: bench/run.sh [seconds per line, default 5]
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { furnish, launch, redeem, signIn } from './gatehouse.mjs'
import { cpu, freePort, postgres, rss, start, stop, stopAll, until, wrk } from './processes.mjs'

const root = join(import.meta.dirname, '..', '..')
const binary = process.env.GATEHOUSE_BINARY, floorBinary = process.env.FLOOR_BINARY
const seconds = Number(process.argv[2] ?? 5)
const lua = (name) => join(import.meta.dirname, name)
const lines = []
const say = (text) => { console.log(text); lines.push(text) }
const row = (name, r, floor) => say(`| ${name} | ${r.rate.toFixed(0)} | ${r.p50} | ${r.p99} | ${r.cpuMicros.toFixed(0)} | ${r.rss.toFixed(0)} | ${floor ? (r.rate / floor.rate).toFixed(2) : ''} | ${r.bad} |`)
const head = () => { say('| what | requests/s | p50 | p99 | CPU µs/request | RSS MB | of floor | |'); say('| --- | --- | --- | --- | --- | --- | --- | --- |') }
const form = (fields) => new URLSearchParams(fields).toString()
const warm = (pid, script, url, env) => wrk(pid, script, url, { env, seconds: 2 })
const measured = (pid, script, url, env) => { warm(pid, script, url, env); return wrk(pid, script, url, { env, seconds }) }

/** One request after another from some callers at once; latencies here, CPU from the server's own clock. */
async function sequence(server, callers, count, work) {
  await Promise.all(Array.from({ length: callers }, work))
  const before = cpu(server.pid), begun = performance.now(), times = []
  let left = count
  await Promise.all(Array.from({ length: callers }, async () => {
    while (left-- > 0) { const t = performance.now(); await work(); times.push(performance.now() - t) }
  }))
  const elapsed = (performance.now() - begun) / 1000
  times.sort((a, b) => a - b)
  const at = (q) => `${times[Math.min(times.length - 1, Math.floor(times.length * q))].toFixed(1)}ms`
  return { rate: times.length / elapsed, p50: at(0.5), p99: at(0.99), cpuMicros: (cpu(server.pid) - before) / times.length * 1e6, rss: rss(server.pid), bad: '' }
}

async function floor() {
  const port = await freePort()
  const child = start(floorBinary, [`http://127.0.0.1:${port}`])
  const base = `http://127.0.0.1:${port}`
  await until(async () => (await fetch(`${base}/static`)).ok, 'floor')
  const result = { es: measured(child.pid, lua('post.lua'), `${base}/es256`), rs: measured(child.pid, lua('post.lua'), `${base}/rs256`), get: measured(child.pid, lua('get.lua'), `${base}/static`) }
  await stop(child)
  return result
}

async function peer() {
  const port = await freePort()
  const child = start('node', [join(root, 'bench', 'peers', 'oidc-provider.mjs'), String(port)], { NODE_ENV: 'production' })
  const ready = await until(async () => JSON.parse(child.text.split('\n').find((l) => l.startsWith('{'))), 'oidc-provider')
  const base = `http://localhost:${port}`
  const client = { client_id: 'bench', client_secret: 'bench-secret-bench-secret-bench-secret' }
  const cc = (resource) => ({ BODY: form({ grant_type: 'client_credentials', ...client, scope: 'read', resource }) })
  const result = {
    es: measured(child.pid, lua('post.lua'), `${base}/token`, cc('https://bench.example/es')),
    rs: measured(child.pid, lua('post.lua'), `${base}/token`, cc('https://bench.example/rs')),
    discovery: measured(child.pid, lua('get.lua'), `${base}/.well-known/openid-configuration`),
    refresh: wrk(child.pid, lua('refresh.lua'), `${base}/token`, { env: { BODY: form({ grant_type: 'refresh_token', ...client }), TOKENS: ready.refresh_tokens.join(',') }, seconds }),
  }
  await stop(child)
  return result
}

async function gatehouse(name, connection, floors, peers) {
  const server = await launch(binary, connection)
  await furnish(server)
  const idle = rss(server.pid)
  const { machine, web } = server
  say(`\n## Gatehouse on ${name}\n\nReady ${server.ready.toFixed(0)} ms after start; ${idle.toFixed(0)} MB idle.\n`)
  head()
  const cc = (algorithm) => ({ BODY: form({ grant_type: 'client_credentials', ...machine, scope: `read:${algorithm.toLowerCase()}`, resource: `https://bench.example/${algorithm}` }) })
  const es = measured(server.pid, lua('post.lua'), `${server.url}/oauth2/token`, cc('ES256'))
  row('client_credentials ES256', es, floors.es)
  const rs = measured(server.pid, lua('post.lua'), `${server.url}/oauth2/token`, cc('RS256'))
  row('client_credentials RS256', rs, floors.rs)
  const tokens = await redeem(server, await signIn(server))
  row('introspection', measured(server.pid, lua('post.lua'), `${server.url}/oauth2/introspect`, { BODY: form({ token: tokens.access_token, ...web }) }))
  row('UserInfo', measured(server.pid, lua('get.lua'), `${server.url}/oauth2/userinfo`, { AUTH: `Bearer ${tokens.access_token}` }))
  row('JWKS', measured(server.pid, lua('get.lua'), `${server.url}/oauth2/jwks`), floors.get)
  const discovery = measured(server.pid, lua('get.lua'), `${server.url}/.well-known/openid-configuration`)
  row('discovery', discovery, floors.get)

  // Signed in once; each code is one pass through /authorize and one redemption. The pairs are timed apart by their CPU.
  const browser = (await signIn(server)).browser
  const code = async () => signIn(server, browser)
  const authorize = await sequence(server, 8, 400, code)
  row('authorize with a session (code issued)', authorize)
  const codes = []
  for (let i = 0; i < 412; i++) codes.push(await code())
  row('code exchange', await sequence(server, 8, 400, () => redeem(server, codes.pop())))
  const families = []
  for (let i = 0; i < 64; i++) families.push((await redeem(server, await code())).refresh_token)
  const refresh = wrk(server.pid, lua('refresh.lua'), `${server.url}/oauth2/token`, { env: { BODY: form({ grant_type: 'refresh_token', ...web }), TOKENS: families.join(',') }, seconds })
  row('refresh (rotated, durable)', refresh)
  const whole = await sequence(server, 4, 80, () => signIn(server))
  row('whole password sign-in (authorize, identifier, password, code)', whole)
  if (peers) {
    say('\nAgainst oidc-provider (in memory, not durable) in the same run:\n')
    for (const [what, ours, theirs] of [['client_credentials ES256', es, peers.es], ['client_credentials RS256', rs, peers.rs], ['discovery', discovery, peers.discovery], ['refresh', refresh, peers.refresh]])
      say(`- ${what}: ${ours.rate.toFixed(0)}/s against ${theirs.rate.toFixed(0)}/s, ratio ${(ours.rate / theirs.rate).toFixed(2)}`)
  }
  await stop(server.child)
  // A second start, on a database that exists: what an operator's restart costs.
  const starts = []
  for (let i = 0; i < 5; i++) {
    const begun = performance.now()
    const child = start(binary, ['serve', '--data', server.data, '--urls', server.base], server.env)
    await until(async () => (await fetch(`${server.base}/readyz`)).ok, 'restart')
    starts.push(performance.now() - begun)
    if (i === 4) { await new Promise((r) => setTimeout(r, 3000)); say(`\nRestart on the existing database to ready: ${starts.map((s) => s.toFixed(0)).join(', ')} ms; idle after 3 s: ${rss(child.pid).toFixed(0)} MB.`) }
    await stop(child)
  }
  return { whole }
}

try {
  say(`# Load, ${seconds} s a line, 32 connections, wrk with one thread on the same cores\n\n${(await import('node:os')).cpus().length} × ${(await import('node:os')).cpus()[0].model}\n\n## Floor: bare Kestrel with the signature alone\n`)
  head()
  const floors = await floor()
  row('ES256', floors.es); row('RS256', floors.rs); row('static answer', floors.get)
  const peers = await peer()
  say('\n## Peer: npm oidc-provider\n'); head()
  row('client_credentials ES256', peers.es, floors.es); row('client_credentials RS256', peers.rs, floors.rs); row('discovery', peers.discovery, floors.get); row('refresh (in memory)', peers.refresh)
  await gatehouse('SQLite', null, floors, peers)
  await gatehouse('PostgreSQL', await postgres(), floors, peers)
  writeFileSync(join(root, 'bench', 'report.md'), lines.join('\n') + '\n')
} finally {
  await stopAll()
}
