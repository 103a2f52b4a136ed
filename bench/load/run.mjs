// The load benchmark: Gatehouse on SQLite and on PostgreSQL, bare Kestrel and a peer, all alive at once and measured in turn (A B C A B C),
// so that a neighbour's noise or a change of clock frequency meets all of them. Usage: bench/run.sh [seconds per measurement] [rounds]
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { execFileSync } from 'node:child_process'
import { furnish, launch, redeem, signIn } from './gatehouse.mjs'
import { checks } from './checks.mjs'
import { signins } from './signin.mjs'
import { timing } from './timing.mjs'
import { freePort, perRequest, postgres, rss, start, stop, stopAll, until, wrk } from './processes.mjs'

const root = join(import.meta.dirname, '..', '..')
const { GATEHOUSE_BINARY: binary, FLOOR_BINARY: floorBinary, MICRO_BINARY: micro } = process.env
const seconds = Number(process.argv[2] ?? 2), rounds = Number(process.argv[3] ?? 5)
const lines = []
const say = (text) => { console.log(text); lines.push(text) }
const form = (fields) => new URLSearchParams(fields).toString()
const lua = (name) => join(import.meta.dirname, name)
const post = (server, url, body) => () => wrk(server.pid, lua('post.lua'), url, { env: { BODY: form(body) }, seconds })
const get = (server, url, env = {}) => () => wrk(server.pid, lua('get.lua'), url, { env, seconds })

const sorted = (values) => [...values].sort((a, b) => a - b)
const median = (values) => { const s = sorted(values), m = s.length >> 1; return s.length % 2 ? s[m] : (s[m - 1] + s[m]) / 2 }
/** A median with what it ranged over, which is the noise. */
const spread = (values, digits = 2) => `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)})`
const ms = (value) => value < 10 ? value.toFixed(2) : value.toFixed(1)
/** A's figure over B's, round by round: what disturbed one disturbed the other. */
const ratios = (a, b, of) => a.runs.map((run, i) => of(run) / of(b.runs[i]))

/** Until two measurements agree: compiling, instrumenting and compiling again take seconds under load. */
async function settle(run) {
  for (let last = 0, turn = 0; turn < 8; turn++) {
    const { cpuMicros } = await run()
    if (turn > 2 && Math.abs(cpuMicros - last) < 0.1 * last) return
    last = cpuMicros
  }
}

/** Contenders in turn. The first is the yardstick unless it is told otherwise. */
async function contest(title, contenders, { yardstick = contenders[0], warm = true } = {}) {
  say(`\n## ${title}\n`)
  say(`| | requests/s | p50 ms | p99 ms | CPU µs/request | RSS MB |${yardstick ? ` requests/s of ${yardstick.name} | CPU of ${yardstick.name}, inverse |` : ''} |`)
  say(`| --- | --- | --- | --- | --- | --- |${yardstick ? ' --- | --- |' : ''} --- |`)
  for (const one of contenders) { one.runs = []; if (warm) await settle(one.run) }
  for (let round = 0; round < rounds; round++) for (const one of contenders) one.runs.push(await one.run())
  for (const one of contenders) {
    const of = (pick, digits = 0) => spread(one.runs.map(pick), digits)
    const against = !yardstick ? '' : one === yardstick ? ' | |'
      : ` ${spread(ratios(one, yardstick, (r) => r.rate))} | ${spread(ratios(yardstick, one, (r) => r.cpuMicros))} |`
    say(`| ${one.name} | ${of((r) => r.rate)} | ${ms(median(one.runs.map((r) => r.p50)))} | ${ms(median(one.runs.map((r) => r.p99)))} | ${of((r) => r.cpuMicros)} | ${one.runs.at(-1).rss.toFixed(0)} |${against} ${one.runs.find((r) => r.bad)?.bad ?? ''} |`)
  }
  return contenders
}

/** Argon2id alone, CPU ms: ours and libsodium's, in one thread. */
const hash = () => JSON.parse(execFileSync(micro, ['argon2-cpu', '40']).toString())

/** What whole work costs of the hash alone, from the same rounds. */
function besideHash(contenders, hashes) {
  say(`\nArgon2id (19 MiB, t=2) alone, CPU ms, in the same rounds: Gatehouse's ${spread(hashes.map((h) => h.ours))}, libsodium's ${spread(hashes.map((h) => h.libsodium))}.\n`)
  for (const one of contenders) {
    const of = (name) => spread(one.runs.map((run, i) => run.cpuMicros / 1000 / hashes[i][name]))
    say(`- ${one.name}: ${of('ours')} of our own hash, ${of('libsodium')} of libsodium's`)
  }
}

/** One request after another from some callers at once; latencies here, CPU from the server's own clock. */
async function sequence(server, callers, count, work) {
  const begun = performance.now(), times = []
  const stopCpu = perRequest(server.pid)
  let left = count
  await Promise.all(Array.from({ length: callers }, async () => {
    while (left-- > 0) { const t = performance.now(); await work(); times.push(performance.now() - t) }
  }))
  const cpuMicros = stopCpu(times.length), rate = times.length / (performance.now() - begun) * 1000, s = sorted(times)
  return { rate, p50: s[Math.floor(s.length * 0.5)], p99: s[Math.floor(s.length * 0.99)], cpuMicros, rss: rss(server.pid), bad: '' }
}

async function startFloor() {
  const port = await freePort(), base = `http://127.0.0.1:${port}`
  const { pid } = start(floorBinary, [base])
  await until(async () => (await fetch(`${base}/static`)).ok, 'floor')
  return { pid, base }
}

async function startPeer() {
  const port = await freePort()
  const child = start('node', [join(root, 'bench', 'peers', 'oidc-provider.mjs'), String(port)], { NODE_ENV: 'production' })
  await until(async () => JSON.parse(child.text.split('\n').find((l) => l.startsWith('{'))), 'oidc-provider')
  const client = { client_id: 'bench', client_secret: 'bench-secret-bench-secret-bench-secret' }
  const cc = (api) => ({ grant_type: 'client_credentials', ...client, scope: 'read', resource: `https://bench.example/${api}` })
  return { pid: child.pid, base: `http://localhost:${port}`, client, cc }
}

async function startGatehouse(name, connection) {
  const server = await launch(binary, connection)
  server.name = name
  const first = server.ready
  await stop(server.child)
  // On a database that exists: what an operator's restart costs.
  const starts = []
  for (let i = 0; i < 5; i++) {
    if (i > 0) await stop(server.child)
    const begun = performance.now()
    server.child = start(binary, ['serve', '--data', server.data, '--urls', server.base], server.env)
    await until(async () => (await fetch(`${server.base}/readyz`)).ok, 'restart')
    starts.push(performance.now() - begun)
  }
  server.pid = server.child.pid
  await new Promise((r) => setTimeout(r, 3000))
  say(`- ${name}: first start ${first.toFixed(0)} ms, restart ${spread(starts, 0)} ms from exec to ready; ${rss(server.pid).toFixed(0)} MB after 3 s idle`)
  await furnish(server)
  server.cc = (algorithm) => ({ grant_type: 'client_credentials', ...server.machine, scope: `read:${algorithm.toLowerCase()}`, resource: `https://bench.example/${algorithm}` })
  return server
}

/** Refresh tokens rotate: every measurement needs families of its own. */
const refresh = (server, url, client, families) => async () => {
  const tokens = await families()
  return wrk(server.pid, lua('refresh.lua'), url, { env: { BODY: form({ grant_type: 'refresh_token', ...client }), TOKENS: tokens.join(',') }, seconds })
}

async function tokens(floor, peer, servers) {
  for (const [algorithm, short] of [['ES256', 'es'], ['RS256', 'rs']]) {
    await contest(`client_credentials, ${algorithm}`, [
      { name: 'floor', run: post(floor, `${floor.base}/${algorithm.toLowerCase()}`, {}) },
      ...servers.map((s) => ({ name: s.name, run: post(s, `${s.url}/oauth2/token`, s.cc(algorithm)) })),
      { name: 'oidc-provider', run: post(peer, `${peer.base}/token`, peer.cc(short)) },
    ])
  }
}

async function reads(floor, peer, servers) {
  await contest('Documents', [
    { name: 'floor', run: get(floor, `${floor.base}/static`) },
    ...servers.flatMap((s) => [
      { name: `JWKS, ${s.name}`, run: get(s, `${s.url}/oauth2/jwks`) },
      { name: `discovery, ${s.name}`, run: get(s, `${s.url}/.well-known/openid-configuration`) }]),
    { name: 'discovery, oidc-provider', run: get(peer, `${peer.base}/.well-known/openid-configuration`) },
  ])
  const asked = []
  for (const s of servers) {
    const { access_token } = await redeem(s, await signIn(s))
    asked.push({ name: `introspection, ${s.name}`, run: post(s, `${s.url}/oauth2/introspect`, { token: access_token, ...s.web }) })
    asked.push({ name: `UserInfo, ${s.name}`, run: get(s, `${s.url}/oauth2/userinfo`, { AUTH: `Bearer ${access_token}` }) })
  }
  await contest('Questions about a token', asked, { yardstick: null })
}

async function people(peer, servers) {
  for (const s of servers) {
    s.browser = (await signIn(s)).browser
    s.code = () => signIn(s, s.browser)
    for (let i = 0; i < 300; i++) await redeem(s, await s.code())
    for (let i = 0; i < 40; i++) await signIn(s)
  }
  const count = 60 * seconds
  await contest('authorize with a session (a code issued; 8 callers)', servers.map((s) => ({ name: s.name, run: () => sequence(s, 8, count, s.code) })), { yardstick: null, warm: false })
  await contest('code exchange (8 callers)', servers.map((s) => ({
    name: s.name,
    run: async () => {
      const codes = []
      while (codes.length < count) codes.push(await s.code())
      return sequence(s, 8, count, () => redeem(s, codes.pop()))
    },
  })), { yardstick: null, warm: false })
  await contest('refresh (rotated; oidc-provider in memory, not durable)', [
    { name: 'oidc-provider', run: refresh(peer, `${peer.base}/token`, peer.client, async () => (await fetch(`${peer.base}/bench-refresh-tokens`)).json()) },
    ...servers.map((s) => ({
      name: s.name,
      run: refresh(s, `${s.url}/oauth2/token`, s.web, async () => {
        const families = []
        while (families.length < 64) families.push((await redeem(s, await s.code())).refresh_token)
        return families
      }),
    })),
  ], { warm: false })
  // One at a time: two hashes at once slow each other down, and the yardstick hashes alone.
  const hashes = []
  const signIns = await contest('whole password sign-in (authorize, identifier, password, code; one at a time)', servers.map((s, i) => ({
    name: s.name,
    run: async () => {
      if (i === 0) hashes.push(hash())
      return sequence(s, 1, 15 * seconds, () => signIn(s))
    },
  })), { yardstick: null, warm: false })
  besideHash(signIns, hashes)
  await contest('whole password sign-in (4 callers)', servers.map((s) => ({ name: s.name, run: () => sequence(s, 4, 15 * seconds, () => signIn(s)) })), { yardstick: null, warm: false })
}

try {
  say(`# Load\n\n${cpus().length} × ${cpus()[0].model}. ${rounds} rounds of ${seconds} s, contenders in turn, 32 connections, wrk with one thread on the same cores. Each figure is the median of the rounds and, in brackets, the least and the greatest.\nRatios are taken round by round; above 1 is better than the yardstick.\n\n## Start\n`)
  const chosen = (process.env.PARTS ?? 'tokens,reads,people,signins,timing,checks').split(',')
  // Only where something is compared with them.
  const compared = chosen.some((part) => ['tokens', 'reads', 'people'].includes(part)), floor = compared && await startFloor(), peer = compared && await startPeer()
  const servers = [await startGatehouse('SQLite', null), await startGatehouse('PostgreSQL', await postgres())]
  const parts = { tokens: () => tokens(floor, peer, servers), reads: () => reads(floor, peer, servers), people: () => people(peer, servers),
    signins: () => signins({ contest, sequence, get, say, seconds, hash, besideHash }, servers), timing: () => timing({ say }, servers),
    checks: () => checks({ contest, say, seconds }, servers) }
  for (const part of chosen) await parts[part]()
  // Some parts have a report of their own: the whole one is of one run.
  writeFileSync(process.env.REPORT ?? join(root, 'bench', process.env.PARTS ? `report-${process.env.PARTS.replaceAll(',', '-')}.md` : 'report.md'), lines.join('\n') + '\n')
} finally {
  await stopAll()
}
