// A Gatehouse server for the benchmark and the things one asks of it.
import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, start, until } from './processes.mjs'

export const password = 'a long enough bench passphrase'
const form = (fields) => new URLSearchParams(fields).toString()
const headers = { 'content-type': 'application/x-www-form-urlencoded' }

export async function launch(binary, postgres) {
  const data = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'))
  process.on('exit', () => rmSync(data, { recursive: true, force: true }))
  const port = await freePort()
  const url = `http://localhost:${port}`
  const env = { GATEHOUSE_Telemetry__AdminUrls: '', GATEHOUSE_Logging__LogLevel__Default: 'Warning', ...(postgres ? { GATEHOUSE_Storage__Postgres: postgres } : {}) }
  const made = JSON.parse(execFileSync(binary, ['bootstrap', '--data', data, '--url', url, '--admin-email', 'admin@example.com', '--password-stdin', '--automation-client', 'bench'],
    { input: password, env: { ...process.env, ...env } }).toString())
  const begun = performance.now()
  let child = start(binary, ['serve', '--data', data, '--urls', `http://127.0.0.1:${port}`], env)
  await until(async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok, 'gatehouse')
  const ready = performance.now() - begun
  const server = { child, pid: child.pid, url, base: `http://127.0.0.1:${port}`, host: `localhost:${port}`, data, env, binary, ready, ...made }
  server.token = (await token(server, { grant_type: 'client_credentials', client_id: made.client_id, client_secret: made.client_secret, resource: `${url}/api/v1` })).access_token
  return server
}

export async function token(server, fields) {
  const response = await fetch(`${server.url}/oauth2/token`, { method: 'POST', headers, body: form(fields) })
  const body = await response.json()
  if (!response.ok) throw new Error(`token: ${response.status} ${JSON.stringify(body)}`)
  return body
}

export async function api(server, method, path, body) {
  const response = await fetch(`${server.url}/api/v1${path}`, { method, headers: { authorization: `Bearer ${server.token}`, 'content-type': 'application/json' }, body: body && JSON.stringify(body) })
  const answer = response.status === 204 ? null : await response.json()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`)
  return answer
}

const flat = ({ client, secret }) => ({ client_id: client.id, client_secret: secret })

/** An API per algorithm, a machine client, a web client and the administrator to sign in as. */
export async function furnish(server) {
  for (const algorithm of ['ES256', 'RS256'])
    await api(server, 'POST', '/apis', { name: `bench ${algorithm}`, identifier: `https://bench.example/${algorithm}`, scopes: [{ name: `read:${algorithm.toLowerCase()}` }], signing_algorithm: algorithm })
  server.machine = flat(await api(server, 'POST', '/clients', { name: 'machine', type: 'confidential', first_party: true, grant_types: ['client_credentials'], scopes: ['read:es256', 'read:rs256'] }))
  server.web = flat(await api(server, 'POST', '/clients', { name: 'web', type: 'confidential', first_party: true, grant_types: ['authorization_code', 'refresh_token'], redirect_uris: ['https://bench.example/cb'], scopes: ['openid', 'profile', 'email', 'offline_access'] }))
}

/** A browser without JavaScript: a cookie jar and forms. */
export class Browser {
  #cookies = new Map()
  constructor(server) { this.server = server }

  get cookie() { return [...this.#cookies].map(([k, v]) => `${k}=${v}`).join('; ') }

  async go(url, fields) {
    const target = new URL(url, this.server.url)
    const response = await fetch(target, {
      method: fields ? 'POST' : 'GET', redirect: 'manual', body: fields && form(fields),
      headers: { ...(fields ? { ...headers, origin: this.server.url, 'sec-fetch-site': 'same-origin' } : {}), cookie: this.cookie },
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)
      if (value) this.#cookies.set(name, value); else this.#cookies.delete(name)
    }
    const location = response.headers.get('location')
    return { status: response.status, location: location && new URL(location, target).href, html: await response.text() }
  }

  /** Follows redirects until a page or another origin. */
  async walk(url, fields) {
    let answer = await this.go(url, fields)
    while (answer.location && answer.location.startsWith(this.server.url)) answer = await this.go(answer.location)
    return answer
  }

  /** Posts the page's form with these answers. */
  submit(html, answers) {
    if (!/<form/.test(html)) throw new Error('a page without a form: ' + html.replace(/\s+/g, ' ').slice(0, 1500))
    const action = /<form[^>]*action="([^"]*)"/.exec(html)[1].replaceAll('&amp;', '&')
    const hidden = [...html.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([tag]) => [/name="([^"]*)"/.exec(tag)[1], /value="([^"]*)"/.exec(tag)?.[1].replaceAll('&amp;', '&') ?? ''])
    return { action, fields: { ...Object.fromEntries(hidden), ...answers } }
  }
}

export function authorizeUrl(server, verifier, extra = {}) {
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  return `${server.url}/oauth2/authorize?` + form({ response_type: 'code', client_id: server.web.client_id, redirect_uri: 'https://bench.example/cb', scope: 'openid profile email offline_access', state: 's', nonce: 'n', code_challenge: challenge, code_challenge_method: 'S256', ...extra })
}

/** A whole sign-in: authorize, identifier, password, back to the application. Returns the code and its verifier. */
export async function signIn(server, browser = new Browser(server), extra = {}) {
  const verifier = randomBytes(32).toString('base64url')
  let page = await browser.walk(authorizeUrl(server, verifier, extra))
  for (let step = 0; step < 3 && !page.location; step++) {
    const answers = /name="password"/.test(page.html) ? { password } : { identifier: 'admin@example.com', email: 'admin@example.com' }
    const { action, fields } = browser.submit(page.html, answers)
    page = await browser.walk(action, fields)
  }
  const code = page.location && new URL(page.location).searchParams.get('code')
  if (!code) throw new Error(`sign-in ended at ${page.status} ${page.location ?? page.html.slice(0, 500)}`)
  return { code, verifier, browser }
}

export const redeem = (server, { code, verifier }) => token(server, {
  grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: 'https://bench.example/cb',
  client_id: server.web.client_id, client_secret: server.web.client_secret })
