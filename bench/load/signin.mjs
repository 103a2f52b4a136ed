// The steps of a sign-in without its pages, what they cost beside the password's hash, questions about a session, and runs that nobody finishes.
import { api, password, signIn } from './gatehouse.mjs'
import { rss } from './processes.mjs'

const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
const HALF_OPEN = 10_000

async function flow(server, what, body) {
  const response = await fetch(`${server.url}/flows/v1/${what}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  const answer = await response.json()
  if (!response.ok) throw new Error(`flows ${what}: ${response.status} ${JSON.stringify(answer)}`)
  return answer
}

const start = (server) => flow(server, 'start', { client_id: server.app, scope: 'openid', code_challenge: challenge, code_challenge_method: 'S256' })
const submit = (server, session, step, values) => flow(server, 'submit', { auth_session: session, step, values })

/** An application that shows its own pages, and limits that one machine does not reach. */
export async function prepare(server) {
  if (server.app) return
  const made = await api(server, 'POST', '/clients', { name: 'app', type: 'public', first_party: true, headless: true, redirect_uris: ['https://bench.example/app'], scopes: ['openid'] })
  server.app = made.client.id
  const tenant = (await api(server, 'GET', '/tenants?limit=1')).items[0]
  await api(server, 'PATCH', `/tenants/${tenant.id}/settings`, { limits: { sign_ins_per_ip: 1_000_000 } })
}

export async function signins({ contest, sequence, get, say, seconds, hash, besideHash }, servers) {
  for (const server of servers) {
    await prepare(server)
    server.cookie = (await signIn(server)).browser.cookie
  }
  await contest('session lookups: GET /signin of who is signed in finds the session and sends her on', servers.map((s) => ({ name: s.name, run: get(s, `${s.url}/signin`, { COOKIE: s.cookie, EXPECTED: '303' }) })), { yardstick: null })

  const count = 100 * seconds
  const each = (prepareOne, step) => servers.map((s) => ({
    name: s.name,
    run: async () => {
      const runs = []
      while (runs.length < count) runs.push(await prepareOne(s))
      return sequence(s, 8, count, () => step(s, runs.pop()))
    },
  }))
  const named = async (s) => { const { auth_session } = await start(s); await submit(s, auth_session, 'identifier', { email: 'admin@example.com' }); return auth_session }
  await contest('step: begin a run (8 callers)', each(async () => null, (s) => start(s)), { yardstick: null, warm: false })
  await contest('step: current, which asks the plan and changes nothing', each(named, (s, session) => flow(s, 'current', { auth_session: session })), { yardstick: null, warm: false })
  await contest('step: identifier', each(async (s) => (await start(s)).auth_session, (s, session) => submit(s, session, 'identifier', { email: 'admin@example.com' })), { yardstick: null, warm: false })
  // One at a time: two hashes at once slow each other down, and the yardstick hashes alone.
  const hashes = []
  const passwords = await contest('step: password, with session and code (one at a time)', servers.map((s, i) => ({
    name: s.name,
    run: async () => {
      if (i === 0) hashes.push(hash())
      const runs = []
      while (runs.length < 20 * seconds) runs.push(await named(s))
      return sequence(s, 1, 20 * seconds, () => submit(s, runs.pop(), 'password', { password }))
    },
  })), { yardstick: null, warm: false })
  besideHash(passwords, hashes)

  say(`\n## ${HALF_OPEN} runs that nobody finishes\n`)
  for (const server of servers) {
    const before = rss(server.pid), begun = performance.now()
    let left = HALF_OPEN
    await Promise.all(Array.from({ length: 16 }, async () => { while (left-- > 0) await named(server) }))
    const after = rss(server.pid), took = (performance.now() - begun) / 1000
    await new Promise((r) => setTimeout(r, 5000))
    const { p50 } = await sequence(server, 1, 50, async () => { const session = await named(server); await submit(server, session, 'password', { password }) })
    say(`- ${server.name}: begun and named in ${took.toFixed(0)} s; resident ${before.toFixed(0)} MB before, ${after.toFixed(0)} MB after, ${rss(server.pid).toFixed(0)} MB five seconds and fifty whole sign-ins later (p50 ${p50.toFixed(1)} ms)`)
  }
}
