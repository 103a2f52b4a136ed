// Does the time of an answer tell whether there is an account? Known and unknown people in turn, each once, each pair from a network of its own.
import http from 'node:http'
import { api, password } from './gatehouse.mjs'
import { prepare } from './signin.mjs'

const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
const agent = new http.Agent({ keepAlive: false })

/** A request from one of the machine's many loopback addresses; what is timed is the answer, not the connection. */
function post(server, from, what, body) {
  return new Promise((resolve, reject) => {
    const url = new URL(`${server.base}/flows/v1/${what}`)
    const request = http.request({ host: url.hostname, port: url.port, path: url.pathname, method: 'POST', agent, localAddress: from, headers: { host: server.host, 'content-type': 'application/json' } })
    let sent = 0
    request.on('socket', (socket) => socket.once('connect', () => { sent = performance.now(); request.end(JSON.stringify(body)) }))
    request.on('response', (response) => {
      const took = performance.now() - sent
      let text = ''
      response.setEncoding('utf8').on('data', (d) => { text += d }).on('end', () => resolve({ took, status: response.statusCode, body: JSON.parse(text) }))
    })
    request.on('error', reject)
    request.flushHeaders()
  })
}

const sorted = (values) => [...values].sort((a, b) => a - b)
const at = (s, share) => s[Math.floor((s.length - 1) * share)]

/** The greatest distance of two distribution functions (Kolmogorov and Smirnov). */
function distance(a, b) {
  let [i, j, d] = [0, 0, 0]
  while (i < a.length && j < b.length) {
    const x = Math.min(a[i], b[j])
    while (i < a.length && a[i] <= x) i++
    while (j < b.length && b[j] <= x) j++
    d = Math.max(d, Math.abs(i / a.length - j / b.length))
  }
  return d
}

async function run(server, from, identifier, act) {
  const { body: { auth_session } } = await post(server, from, 'start', { client_id: server.app, scope: 'openid', code_challenge: challenge, code_challenge_method: 'S256' })
  const named = await post(server, from, 'submit', { auth_session, step: 'identifier', values: { email: identifier } })
  if (named.status !== 200) throw new Error(`identifier: ${named.status} ${JSON.stringify(named.body)}`)
  return act ? act(auth_session) : named
}

const ways = {
  'password, a wrong one': (server, from, who) => run(server, from, who.email, (auth_session) => post(server, from, 'submit', { auth_session, step: 'password', values: { password: 'not the right password at all' } })),
  'a code by mail, asked for': (server, from, who) => run(server, from, who.email, (auth_session) => post(server, from, 'resend', { auth_session, step: 'email_code' })),
  'a code by text message, asked for': (server, from, who) => run(server, from, who.phone),
}

export async function timing({ say, samples = 300 }, servers) {
  say(`\n## Time of answers to known and unknown people (${samples} of each, in turn)\n`)
  say('| | database | known ms: p10, p50, p90 | unknown ms: p10, p50, p90 | p50 known / unknown | KS distance | would be seen above |\n| --- | --- | --- | --- | --- | --- | --- |')
  for (const server of servers) {
    await prepare(server)
    const tenant = (await api(server, 'GET', '/tenants?limit=1')).items[0]
    await api(server, 'PATCH', `/tenants/${tenant.id}/settings`, {
      sign_in: { methods: ['password', 'passkey', 'email_code', 'sms_code'] }, sms: { allowed_countries: ['DE'] },
      limits: { failures_per_tenant: 10_000_000, sms_per_prefix_hour: 1_000_000, sms_per_tenant_hour: 1_000_000, sms_per_tenant_day: 1_000_000 },
    })
    const known = [], unknown = []
    for (let i = 0; i < samples; i++) {
      const who = { email: `known${i}@example.com`, phone: `+4917010${String(i).padStart(5, '0')}` }
      const made = await api(server, 'POST', '/users', { emails: [who.email], email_verified: true, password })
      await api(server, 'POST', `/users/${made.id}/phones`, { number: who.phone, verified: true })
      known.push(who)
      unknown.push({ email: `nobody${i}@example.com`, phone: `+4917020${String(i).padStart(5, '0')}` })
    }
    for (const [name, act] of Object.entries(ways)) {
      const times = [[], []]
      for (let i = -20; i < samples; i++) {
        // Which of the two comes first alternates; what one warms, the other finds warm.
        for (const side of i % 2 ? [0, 1] : [1, 0]) {
          const n = Math.abs(i)
          const { took, status, body } = await act(server, `127.${10 + side}.${n >> 8}.${(n & 255) || 1}`, (side ? unknown : known)[n])
          if (status !== (name.startsWith('password') ? 422 : 200)) throw new Error(`${name}: ${status} ${JSON.stringify(body)}`)
          if (i >= 0) times[side].push(took)
        }
      }
      const [a, b] = times.map(sorted), three = (s) => [0.1, 0.5, 0.9].map((q) => at(s, q).toFixed(2)).join(', ')
      say(`| ${name} | ${server.name} | ${three(a)} | ${three(b)} | ${(at(a, 0.5) / at(b, 0.5)).toFixed(3)} | ${distance(a, b).toFixed(3)} | ${(1.628 * Math.sqrt(2 / samples)).toFixed(3)} (1 %) |`)
    }
  }
}
