// A fuzzer that knows the API only by its descriptions: valid, nearly valid and plainly bad requests to every operation, as an administrator, as somebody who may
// do little, with spoiled tokens and without. Every answer must be below 500, have a status that the description names, and where it refuses be a problem (RFC 9457)
// with a code that the description names for that status. Standard input: {"gatehouse", "token", "seed", "requests", "slug"}: a server's root tenant and a token of its automation client; two
// tenants are made below it, of which one is fuzzed and the other is somebody else's.
// The same seed makes the same requests, but for ids that the server made. Prints one line of JSON with the figures; each fault as a command to repeat it.
import { createHash } from 'node:crypto'
import http from 'node:http'
import { description, isPlaced } from './plan.mjs'
import { input, check } from '../steps.mjs'
import { call, tenantBelow } from './world.mjs'

const { gatehouse: rootUrl, token: rootToken, seed = 1, requests = 3000, callers = 8, maxFaults = 30, slug = 'fuzz', only = null } = await input()
const root = { url: rootUrl, token: rootToken }
const [mine, theirs] = [await tenantBelow(root, slug), await tenantBelow(root, `${slug}-other`)]
const gatehouse = mine.url, tokens = mine.tokens
const elsewhere = { tnt: theirs.id, usr: theirs.user, cli: theirs.client, org: (await call(theirs.server, 'POST', '/organizations', { slug: 'theirs', display_name: 'Theirs' })).id, grp: (await call(theirs.server, 'POST', '/groups', { name: 'Theirs' })).id }
const agent = new http.Agent({ keepAlive: true, maxSockets: callers })

// 1. Chance: every request has a source of its own, so that one can be repeated without those before it.
function chance(n) {
  let block = Buffer.alloc(0), at = 0, turn = 0
  const byte = () => { if (at === block.length) { block = createHash('sha512').update(`${seed}/${n}/${turn++}`).digest(); at = 0 } return block[at++] }
  const below = (limit) => ((byte() << 16) | (byte() << 8) | byte()) % limit
  return { below, one: (list) => list[below(list.length)], in: (odds) => below(odds) === 0 }
}

// 2. What there is to call. These would take the fuzzer's own footing away, or that of those who come after: they are called with bodies that cannot be read, on ids of nobody.
const hopeless = {
  'keys.rotate': 'an emergency makes every token worthless', 'profile.delete': 'ends the account of a caller', 'password.change': 'each try takes a hash of her share', 'sessions.end_others': 'ends the session of a caller', 'own_organizations.choose': 'changes the session of a caller',
}
const onlyBad = new Set(Object.keys(hopeless))
/** And these, on anything but what was there when the fuzzer began: its tenant, its clients, its people and their roles. */
const careful = new Set(['tenants.delete', 'tenants.suspend', 'tenants.update', 'tenants.settings.replace', 'tenants.settings.update', 'clients.delete', 'clients.update', 'clients.secrets.delete', 'users.roles.revoke', 'users.delete', 'users.disable', 'users.two_step.remove',
  'users.password.set', 'users.password.reset', 'role_assignments.delete', 'role_assignments.update', 'roles.update', 'roles.delete', 'apis.update', 'apis.delete', 'sessions.end', 'users.sessions.revoke_all', 'users.sessions.revoke', 'users.emails.remove', 'users.bulk', 'audit.erasures.create', 'emails.remove', 'consents.revoke'])
const footing = new Set()
const documents = ['openapi', 'openapi-account', 'openapi-flows'].map((name) => ({ name, document: description(name) }))
const operations = documents.flatMap(({ name, document }) => Object.entries(document.paths).flatMap(([path, item]) => Object.entries(item).map(([method, operation]) => ({ name, document, path, method: method.toUpperCase(), operation, id: operation.operationId }))))

const follow = (document, node) => node?.$ref ? node.$ref.slice(2).split('/').reduce((at, part) => at[part.replaceAll('~1', '/').replaceAll('~0', '~')], document) : node ?? {}
const nobody = '00000000000000000000000000'
const deep = (n, open = '[', close = ']') => open.repeat(n) + close.repeat(n)
const odd = ['', ' ', '\u0000', 'a\u0000b', '\ud800', '\uffff', '\u202eabc', 'ﬁ', 'é'.repeat(300), 'x'.repeat(5000), '../../etc/passwd', '%00', '%2e%2e%2f', "' OR 1=1 --", '"; DROP TABLE users; --', '{{7*7}}', '${jndi:ldap://x}', '<script>', '0', '-1', '9223372036854775808', '1e400', 'NaN', 'null', 'true',
  '2026-13-45T99:99:99Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59.9999999Z', 'https://', 'https://user@host:99999/#f', 'http://[::1', 'javascript:alert(1)', 'a@b', 'a@' + 'b'.repeat(300) + '.example', '@', '+49', '+' + '9'.repeat(40), '😀', '\u0627\u0644', '\r\nX-Evil: 1', '*', ',', ';', '()']
const numbers = [0, -1, 1, 2, 59, 86400, 2147483647, 2147483648, -2147483649, 9007199254740993, 1e308, -0.5, 1.5]

// 3. Ids that the server gave us, by their prefix: what makes a request go further than its first check.
const seen = new Map()
function learn(value, depth = 0) {
  // Ids without a prefix, and keys of roles.
  if (value && typeof value === 'object') for (const [member, kind] of [['id', 'plain'], ['key', 'key']]) if (typeof value[member] === 'string' && !/^[a-z]{3}_/.test(value[member]) && value[member].length < 60) seen.set(kind, [...(seen.get(kind) ?? []).filter((v) => v !== value[member]).slice(-30), value[member]])
  if (typeof value === 'string') { const prefix = /^([a-z]{3})_[0-9a-hjkmnp-tv-z]{26}$/.exec(value)?.[1]; if (prefix) { const list = seen.get(prefix) ?? []; if (!list.includes(value)) { list.push(value); if (list.length > 40) list.splice(footing.size ? list.findIndex((id) => !footing.has(id)) : 0, 1) } seen.set(prefix, list) } return }
  if (depth < 6 && value && typeof value === 'object') for (const v of Object.values(value).slice(0, 60)) learn(v, depth + 1)
}
const idOf = (r, prefix, gently = false) => {
  const known = gently ? seen.get(prefix)?.filter((id) => !footing.has(id)) : seen.get(prefix)
  if (elsewhere[prefix] && r.in(8)) return elsewhere[prefix]
  return known?.length && !r.in(6) ? r.one(known) : r.in(2) ? `${prefix}_${nobody}` : `${prefix}_${r.one(['', 'x', '01h455vb4pex5vsknk084sn02q', 'zzzzzzzzzzzzzzzzzzzzzzzzzz', '01H455VB4PEX5VSKNK084SN02Q', nobody + '0'])}`
}
const prefixIn = (text) => /\^?([a-z]{3})_/.exec(String(text))?.[1]

// 4. A value of a schema, often right, sometimes not.
function value(r, document, schema, name, depth = 0) {
  if (r.in(25)) return wrong(r)
  const s = follow(document, schema)
  if (depth > 5) return null
  const choice = s.oneOf ?? s.anyOf
  if (choice) return value(r, document, r.one(choice), name, depth + 1)
  if (s.enum) return r.one(s.enum)
  const types = [s.type ?? r.one(['object', 'string', 'array', 'boolean'])].flat()
  const type = types.includes('null') && r.in(6) ? 'null' : r.one(types.filter((t) => t !== 'null').length ? types.filter((t) => t !== 'null') : ['null'])
  switch (type) {
    case 'null': return null
    case 'boolean': return r.in(2)
    case 'integer': case 'number': return r.in(3) ? r.one(numbers) : r.below(200)
    case 'array': return Array.from({ length: r.in(12) ? 150 : r.below(4) }, () => value(r, document, s.items, name, depth + 1))
    case 'object': {
      const made = {}
      for (const [key, property] of Object.entries(s.properties ?? {})) if ((s.required ?? []).includes(key) ? !r.in(15) : !r.in(3)) made[key] = value(r, document, property, key, depth + 1)
      if (s.additionalProperties !== false && r.in(3)) made[r.one(['plan', 'department', 'x', '*', 'session'])] = s.additionalProperties && typeof s.additionalProperties === 'object' ? value(r, document, s.additionalProperties, 'x', depth + 1) : wrong(r)
      if (r.in(30)) made[r.one(['unknown', '__proto__', 'constructor', 'tenant_id', 'id', 'version', ''])] = wrong(r)
      return made
    }
    default: return string(r, s, name)
  }
}
function string(r, s, name) {
  if (r.in(6)) return r.one(odd)
  if (s.pattern && prefixIn(s.pattern)) return idOf(r, prefixIn(s.pattern))
  if (s.format === 'date-time') return r.one(['2026-01-01T00:00:00Z', '2030-06-01T00:00:00+03:30', '2036-01-31T00:00:00Z', '1970-01-01T00:00:00Z'])
  if (s.format === 'uuid') return 'ee882879-721c-4913-9775-3dfcce97072a'
  const by = { role_id: 'rol', user: 'usr', person: 'usr', owner: 'usr', holder: r.one(['usr', 'cli', 'grp']), subject: r.one(['usr', 'cli']), organization: 'org', application: 'cli', client_id: 'cli', user_id: 'usr', phone_id: 'phn', workspace: 'wsp', id: r.one(['usr', 'job']) }[name]
  if (by && !r.in(5)) return idOf(r, by)
  return r.one({
    email: ['a@example.com', `f${r.below(1000)}@example.com`], emails: [`f${r.below(100000)}@example.com`], address: [`f${r.below(1000)}@example.com`, 'logs.example.com:6514', 'https://logs.example.com/in'], slug: [`s${r.below(100000)}`], key: [`k${r.below(10000)}`], role: ['administrator', 'support', 'organization_member'],
    permission: ['users:read', 'orders:read'], permissions: ['users:read', 'users:write', 'audit:read'], roles: ['organization_member'], locale: ['en', 'fa', 'de-DE'], zoneinfo: ['Europe/Berlin', 'Asia/Tehran'], number: ['+49 170 1234567', '+98 912 345 6789'], kind: ['http', 'syslog'], domain: [`d${r.below(1000)}.example.com`],
    identifier: [`https://api${r.below(10000)}.example.com/`], grant_types: ['authorization_code', 'client_credentials', 'refresh_token'], scopes: ['openid', 'profile', 'users:read'], redirect_uris: ['https://app.example.com/cb'], type: ['confidential', 'public'], algorithm: ['ES256', 'RS256'], op: ['create', 'update', 'disable', 'enable'],
    assignable_at: ['tenant', 'organization'], name: [`Name ${r.below(100000)}`], step: ['identifier', 'password', 'terms'], code_challenge: ['E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'], code_challenge_method: ['S256', 'plain'],
  }[name] ?? ['text', 'Some text', 'x', 'de'])
}
const wrong = (r) => r.one([null, true, 12, -1, 1.5, '', r.one(odd), [], {}, [[]], { a: 1 }, r.one(numbers), Array(50).fill('x'), { $ref: '#' }])

// 5. A request.
const filters = ['status eq "active"', 'name eq "x"', 'created_at gt "2026-01-01T00:00:00Z"', 'email sw "a"', 'id eq "', 'a and', '(', 'name eq "\\u0000"', 'attributes.x eq "1"', 'x'.repeat(3000), 'name eq "a" and '.repeat(9) + 'name eq "a"', 'status eq 12', 'created_at gt "x"', 'display_name co "a"', 'name pr', '\u0000']
function query(r, operation) {
  const pairs = []
  for (const p of operation.parameters?.filter((p) => p.in === 'query') ?? []) {
    if (!p.required && !r.in(3)) continue
    const words = { limit: ['1', '200', '0', '201', '-1', 'x', '1.5', '99999999999'], cursor: ['x', 'gh_cu_x', '', ...(seen.get('cursor') ?? [])], filter: filters, sort: ['created_at', '-created_at', 'name', 'x', '', '-', 'created_at,name', '--name'], fields: ['id', 'id,name', 'x', '', ',', 'id,id', 'items', 'a.b.c'], from: ['2026-01-01T00:00:00Z', 'x', '2026-01-01'], to: ['2027-01-01T00:00:00Z', ''], format: ['ndjson', 'csv', 'json', 'xml'], explain: ['true', 'x'], after_seq: ['0', '1', '-1', '99999999999999999999'], organization: [idOf(r, 'org')], search: ['a', 'ann', '%', '_', '+49', 'a b', ''], ip: ['192.0.2.1', '::1', 'x'], actor: [idOf(r, 'usr')], target: [idOf(r, 'usr')], status: ['active', 'disabled', 'x'] }[p.name] ?? ['x', '1', 'true', idOf(r, 'usr'), idOf(r, 'org')]
    pairs.push([p.name, r.in(7) ? r.one(odd) : r.one(words)])
  }
  if (r.in(25)) pairs.push([r.one(['x', 'limit', 'fields', 'filter', '', 'access_token']), r.one(odd)])
  if (pairs.length && r.in(25)) pairs.push(pairs[0])
  let text = pairs.map(([k, v]) => `${encode(k)}=${encode(v)}`).join('&')
  if (r.in(60)) text += r.one(['&%', '&x=%ff', '&x=%00', '&=', '&&&', '&x=%c3%28', '%', '?'])
  return text ? '?' + text : ''
}
const encode = (text) => encodeURIComponent(String(text).toWellFormed ? String(text).toWellFormed() : String(text).replace(/[\ud800-\udfff]/g, '\ufffd'))

function body(r, o) {
  const content = o.operation.requestBody?.content
  if (!content) return r.in(12) ? { text: r.one(['{}', 'x', '[]', '']), type: r.one(['application/json', 'text/plain']) } : null
  const types = Object.keys(content)
  let type = r.one(types)
  if (r.in(40)) return r.in(2) ? null : { text: '', type }
  const bad = onlyBad.has(o.id)
  let text
  if (type === 'application/x-www-form-urlencoded') {
    const made = value(r, o.document, content[type].schema, '')
    text = made && typeof made === 'object' ? Object.entries(made).map(([k, v]) => `${encode(k)}=${encode(typeof v === 'object' ? JSON.stringify(v) : v)}`).join('&') : String(made)
    if (r.in(20)) text += r.one(['&%ff', '&x=%00', '&client_id=a&client_id=b', '%'])
  } else {
    const example = content[type].example ?? follow(o.document, Object.values(content[type].examples ?? {})[0])?.value
    let made = r.in(3) && example !== undefined ? structuredClone(example) : value(r, o.document, content[type].schema, '')
    if (made && typeof made === 'object' && !Array.isArray(made) && r.in(3)) { const key = r.one([...Object.keys(made), 'x']); made[key] = wrong(r) }
    text = typeof made === 'string' && !/json$/.test(type.replace('x-ndjson', '')) ? made : JSON.stringify(made) ?? 'null'
    if (careful.has(o.id)) for (const id of footing) text = text.replaceAll(id, `${id.slice(0, 4)}${nobody}`)
    if (text.includes('example.com') || text.includes('acme')) text = text.replaceAll('acme', `a${r.below(1e6)}`)
    if (r.in(12)) text = r.one([text.slice(0, r.below(text.length + 1)), text + text, `[${text}]`, deep(200), deep(5000), deep(300, '{"a":', '1' + '}'.repeat(0)), `{"a":1,${text.slice(1)}`, text.replace(/^\{"([^"]+)":/, '{"$1":1,"$1":'), '\ufeff' + text, text.replaceAll('"', "'"), 'null', '"x"', '12', '{"a":"' + 'x'.repeat(70000) + '"}', '{"a":"\\ud800"}', '{"a":"\\u0000"}', '{"__proto__":{}}', '\u0000', 'NaN', text.replace('{', '{,'), '//x\n' + text])
  }
  if (bad) text = r.one(['{', 'x', '[1', '{"a"', '"', '{]'])
  if (r.in(30)) type = r.one(['text/plain', 'application/xml', '', 'application/json; charset=utf-16', 'application/json; charset=x', 'multipart/form-data; boundary=x', 'application/json;', '*/*', 'application/problem+json', 'application/merge-patch+json'])
  return { text, type, raw: r.in(50) ? Buffer.concat([Buffer.from(text), Buffer.from([0xff, 0xc3, 0x28])]) : Buffer.from(text) }
}

function build(n) {
  const r = chance(n), o = operations[n % operations.length]
  const gently = careful.has(o.id) || (o.name === 'openapi' && !isPlaced(o.id))
  const path = o.path.replace(/\{([a-zA-Z_]+)\}/g, (_, name) => {
    const p = o.operation.parameters?.find((p) => p.in === 'path' && p.name === name), prefix = /^([a-z]{3})_/.exec(String(p?.example))?.[1]
    // What was made shall last until it has been read and changed.
    if (o.method === 'DELETE' && prefix && !r.in(4)) return `${prefix}_${nobody}`
    if (onlyBad.has(o.id)) return r.one([`${prefix ?? 'usr'}_${nobody}`, 'x', elsewhere[prefix] ?? 'y'])
    if (r.in(12)) { const text = r.one(odd); return text === '' || text === '\ud800' ? 'x' : encode(text) }
    return encode(prefix ? idOf(r, prefix, gently) : name === 'role' && !r.in(4) ? r.one(['auditor', 'user_manager', ...(seen.get('key') ?? [])]) : /holds|streams|batches|domains/.test(o.path) && !r.in(4) ? r.one(seen.get('plain') ?? ['1']) : r.in(4) ? r.one(['x', '0', '-1', '1', '99999999999999999999']) : p?.example ?? '1')
  })
  const method = r.in(60) ? r.one(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE']) : o.method
  const changed = method !== o.method
  const headers = { accept: r.one(['application/json', '*/*', '', 'text/html', 'application/problem+json']) }
  const own = o.name === 'openapi-account' ? tokens.account : tokens.administrator
  const who = r.one(['administrator', 'administrator', 'administrator', 'administrator', 'administrator', 'administrator', 'weak', 'none', 'spoiled', 'account'])
  if (o.name !== 'openapi-flows' || r.in(10)) {
    const said = { administrator: `Bearer ${own}`, weak: `Bearer ${tokens.weak}`, account: `Bearer ${o.name === 'openapi-account' ? tokens.administrator : tokens.account}`, none: null,
      spoiled: r.one(['Bearer', 'Bearer ', 'Bearer x', `Bearer ${own}x`, `Bearer ${own.slice(0, -8)}AAAAAAAA`, `Bearer ${own.split('.').slice(0, 2).join('.')}.`, 'Basic Og==', 'Basic ====', 'DPoP x', `Bearer ${own} ${own}`, 'Bearer ' + 'a'.repeat(6000), `Bearer ${Buffer.from('{"alg":"none"}').toString('base64url')}.${own.split('.')[1]}.`]) }[who]
    if (said !== null) headers.authorization = said
  }
  // A removal or change of what the callers stand on is only tried on what is nobody's; another method may be one of those.
  if (changed && !['GET', 'HEAD', 'OPTIONS', 'TRACE'].includes(method)) headers.authorization = 'Bearer x'
  if (r.in(8)) headers['if-match'] = r.one(['"v1"', '*', 'W/"v1"', 'x', '"v99999999999999999999"', '', '"v1", "v2"', '"'])
  if (r.in(8)) headers['idempotency-key'] = r.one([`k${r.below(30)}`, '', 'x'.repeat(255), 'x'.repeat(256), 'a b', '\u00e9', ' '])
  if (r.in(25)) headers['x-tenant'] = r.one(['main', 'x', elsewhere.tnt ?? 'y', `tnt_${nobody}`, '', '../x', 'a'.repeat(300)])
  if (r.in(40)) headers[r.one(['x-request-id', 'origin', 'accept-language', 'user-agent', 'x-forwarded-for', 'if-none-match', 'range', 'cookie', 'expect', 'x-http-method-override', 'content-encoding', 'x-gatehouse-csrf'])] = r.one(['x', '', '*', 'gzip', 'a'.repeat(2000), 'null', 'bytes=0-1'])
  delete headers.expect
  const sent = ['GET', 'HEAD', 'TRACE'].includes(method) ? null : body(r, o)
  if (sent?.type) headers['content-type'] = sent.type
  return { n, o, method, changed, who, path: path + (onlyBad.has(o.id) ? '' : query(r, o.operation)), headers, sent }
}

// 6. Sending it, and what must be true of the answer.
const base = new URL(gatehouse)
/** A connection that the server closed (after a body that was too long, say) is met by the next request on it: that one is sent once more. */
const send = (request) => sendOn(agent, request).catch((error) => ['ECONNRESET', 'EPIPE'].includes(error.code) ? sendOn(false, request) : Promise.reject(error)).catch((error) => {
  if (error.code === 'EPIPE' && (request.sent?.text.length ?? 0) > 60000) return { status: 413, headers: { 'x-request-id': '' }, text: null }
  throw error
})
function sendOn(agent, { method, path, headers, sent }) {
  return new Promise((resolve, reject) => {
    const data = sent ? sent.raw ?? Buffer.from(sent.text) : null
    const request = http.request({ host: '127.0.0.1', port: base.port, method, path: base.pathname.replace(/\/$/, '') + path, agent, headers: { host: base.host, ...headers, ...(data ? { 'content-length': data.length } : ['POST', 'PUT', 'PATCH'].includes(method) ? { 'content-length': 0 } : {}) } })
    request.on('response', (response) => {
      const parts = []
      response.on('data', (d) => parts.push(d)).on('end', () => resolve({ status: response.statusCode, headers: response.headers, text: Buffer.concat(parts).toString() })).on('error', reject)
    })
    request.on('error', reject)
    request.setTimeout(30000, () => request.destroy(new Error('no answer in 30 s')))
    request.end(data ?? undefined)
  })
}

/** What the description of a refusal names; a code that ends in … names a family. */
const names = (answer, code) => [...(answer.description ?? '').matchAll(/`([a-z_…]+)`/g)].some(([, c]) => c === code || (c.endsWith('…') && code.startsWith(c.slice(0, -1))))

function judge(request, answer) {
  const { o, changed, method } = request, { status, headers, text } = answer, type = headers['content-type'] ?? ''
  if (status >= 500 && !(status === 503 && o.operation.responses['503'])) return `answered ${status}`
  // What is no HTTP, Kestrel refuses before there is anything of ours.
  if (status === 400 && text === '' && headers['x-request-id'] === undefined) return null
  if (text === null) return null
  if (headers['x-request-id'] === undefined) return `no X-Request-Id (${status})`
  if (method === 'HEAD' || method === 'OPTIONS') return null
  // A path that an odd word made another one, or another method: not this operation's answers, but still below 500 and a problem.
  const documented = changed ? null : o.operation.responses[status]
  const unrouted = changed || (status === 404 && /"code":"not_found"/.test(text)) || (status === 400 && /"code":"path_malformed"|"code":"request_malformed"/.test(text)) || status === 405 || (status === 415 && /"code":"media_type_unsupported"/.test(text))
  if (!documented && !unrouted) return `undescribed: answered ${status} (${Object.keys(o.operation.responses)}): ${text.slice(0, 300)}`
  if (status < 300) {
    if (documented?.content && text && !Object.keys(documented.content).some((c) => type.startsWith(c))) return `undescribed: answered ${type}, not ${Object.keys(documented.content)}`
    return null
  }
  if (status < 400) return `redirects to ${headers.location}`
  let problem
  try { problem = JSON.parse(text) } catch { return /text\/html/.test(type) && /text\/html/.test(request.headers.accept) && (unrouted || status === 400 || status === 415) ? null : `a refusal (${status}) that is no JSON: ${type} ${text.slice(0, 200)}` }
  if (problem.error && o.path.startsWith('/oauth2/')) return null
  if (problem.error && o.name === 'openapi-flows' && documented) return null
  if (type !== 'application/problem+json') return `a refusal (${status}) as ${type}`
  if (problem.status !== status || typeof problem.code !== 'string' || problem.type !== `urn:gatehouse:problem:${problem.code}` || typeof problem.title !== 'string' || typeof problem.detail !== 'string') return `a problem of another shape: ${text.slice(0, 300)}`
  if (status === 401 && o.name !== 'openapi-flows' && !headers['www-authenticate']) return '401 without WWW-Authenticate'
  if (documented && !unrouted && !names(documented, problem.code)) return `undescribed: code ${problem.code} for ${status} (${documented.description})`
  return null
}

const repeat = ({ method, path, headers, sent, who }) => `curl -sS -g -i --path-as-is -X ${method} '${gatehouse}${path.replaceAll("'", "'\\''")}'` +
  Object.entries(headers).map(([k, v]) => ` -H '${k}: ${k === 'authorization' && v.length > 40 && !v.includes('aaaa') ? `<${who}>` : String(v).slice(0, 300).replaceAll("'", "'\\''")}'`).join('') + (sent ? ` --data-binary '${(sent.text ?? '').slice(0, 1500).replaceAll("'", "'\\''")}'` : '')

// What there is already, so that the first requests know some ids.
for (const o of operations.filter((o) => o.method === 'GET' && !o.path.includes('{') && o.name !== 'openapi-flows')) {
  const answer = await send({ method: 'GET', path: o.path, headers: { authorization: `Bearer ${o.name === 'openapi-account' ? tokens.account : tokens.administrator}` } })
  if (answer.status === 200) try { learn(JSON.parse(answer.text)) } catch { /* an export is no JSON */ }
}
for (const [kind, list] of seen) if (kind.length === 3) for (const id of list) footing.add(id)
let undescribed = 0
const statuses = {}, reached = new Set(), faults = new Map()
let next = 0
const begun = performance.now()
await Promise.all(Array.from({ length: callers }, async () => {
  while (next < requests && faults.size - undescribed < maxFaults) {
    const request = build(next++)
    let fault
    try {
      const answer = await send(request)
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1
      if (answer.status < 300 && !request.changed) {
        reached.add(request.o.id)
        try { const made = JSON.parse(answer.text); learn(made); if (typeof made.next === 'string') seen.set('cursor', [...(seen.get('cursor') ?? []).slice(-10), made.next]) } catch { /* no JSON */ }
      }
      fault = judge(request, answer)
    } catch (error) { fault = `no answer: ${error.message}` }
    if (fault) {
      const kind = `${request.o.id} ${fault.replace(/[0-9a-z]{26}|\d{5,}/g, '#').slice(0, 110)}`
      if (!faults.has(kind)) { faults.set(kind, true); if (fault.startsWith('undescribed')) undescribed++; console.error(`request ${request.n} of seed ${seed}: ${request.o.id} ${fault}\n  ${repeat(request)}`) }
    }
  }
}))
const seconds = (performance.now() - begun) / 1000
// It went past the doors: the administrator is still one, and most of what can succeed has.
const alive = await send({ method: 'GET', path: '/api/v1/users?limit=1', headers: { authorization: `Bearer ${tokens.administrator}` } })
console.log(JSON.stringify({ requests: next, seconds: Math.round(seconds), statuses, reached: reached.size, operations: operations.length, skipped: onlyBad.size, faults: faults.size - undescribed, undescribed, administrator: alive.status, unreached: operations.map((o) => o.id).filter((id) => !reached.has(id) && !onlyBad.has(id)) }))
check([200, 429].includes(alive.status), 'the fuzzer lost its administrator')
process.exit(faults.size > undescribed ? 1 : 0)
