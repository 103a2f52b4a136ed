// Fills a PostgreSQL database that Gatehouse has been set up on with many tenants, and one of them with many users, organizations and audit entries. Rows are
// written by COPY, as superuser, with indexes made afterwards; they are what the server itself would have written, and the audit's chain is one that
// `gatehouse audit verify` accepts. Everything comes from counters: the same numbers make the same rows.
import { spawn, execFileSync } from 'node:child_process'
import { createCipheriv, createHash, createHmac, generateKeyPairSync, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const hex = (n, digits) => n.toString(16).padStart(digits, '0')

/** A UUIDv7 of this moment, kind and number. */
export function uuid(at, kind, n) {
  const time = hex(at, 12), tail = hex(n, 12)
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(kind, 3)}-8000-${tail}`
}
/** The product's text of an id: prefix, underscore, Crockford's base32. */
export function text(prefix, id) {
  // 26 digits of five bits for 128: two bits of nothing come first.
  let out = prefix + '_', held = 0, bits = 2
  for (let i = 0; i < id.length; i++) {
    const code = id.charCodeAt(i)
    if (code === 45) continue
    held = (held << 4) | (code < 58 ? code - 48 : code - 87)
    bits += 4
    if (bits >= 5) { bits -= 5; out += alphabet[held >> bits]; held &= (1 << bits) - 1 }
  }
  return out
}

export const sizes = {
  small: { tenants: 10, users: 1_000, organizations: 100, audit: 10_000 },
  reduced: { tenants: 100, users: 50_000, organizations: 5_000, audit: 200_000 },
  full: { tenants: 10_000, users: 1_000_000, organizations: 100_000, audit: 10_000_000 },
}
const given = ['Ann', 'Bea', 'Cem', 'Dora', 'Emre', 'Fatima', 'Grace', 'Hamid', 'Ines', 'Jonas', 'Kira', 'Leila', 'Milan', 'Nora', 'Omid', 'Paula', 'Reza', 'Sara', 'Tariq', 'Vera']
const family = ['Archer', 'Berger', 'Costa', 'Demir', 'Eriksen', 'Farahani', 'Garcia', 'Hosseini', 'Ivanov', 'Jansen', 'Karimi', 'Lopez', 'Moradi', 'Novak', 'Okafor', 'Peters', 'Quinn', 'Rossi', 'Schmidt', 'Tanaka']
const actions = ['session.started', 'session.ended', 'user.updated', 'token.issued', 'member.added', 'password.failed']
const EPOCH = Date.UTC(2026, 0, 1)
export const user = (n) => ({ id: uuid(EPOCH + n * 10, 1, n), given: given[n % 20], family: `${family[Math.floor(n / 20) % 20]}${Math.floor(n / 400)}`, email: `${given[n % 20]}.${family[Math.floor(n / 20) % 20]}${n}@example.com`.toLowerCase(), phone: `+49170${String(n).padStart(7, '0')}` })
export const organization = (n) => ({ id: uuid(EPOCH + n * 10, 2, n), slug: `org-${n}` })
const owner = (n, all) => n % all
/** As in src/Gatehouse.Server/Users/UserTerms.cs. The names here fold to their lower case. */
export function terms(u) {
  const parts = [['n', [`${u.given} ${u.family}`.toLowerCase(), u.given.toLowerCase(), u.family.toLowerCase()]], ['e', [u.email]], ['p', [u.phone]]]
  const all = [...new Set(parts.flatMap(([kind, texts]) => texts.flatMap((t) => Array.from({ length: Math.max(1, t.length - 2) }, (_, at) => kind + t.slice(at, at + 10)))))].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return all.filter((t, i) => t.length >= 10 || i + 1 === all.length || !all[i + 1].startsWith(t))
}

export function sql(port, statement, db = 'gatehouse') {
  return execFileSync('psql', ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', '-d', db, '-v', 'ON_ERROR_STOP=1', '-qAt', '-c', statement], { encoding: 'utf8', maxBuffer: 64 << 20 }).trim()
}

/** Streams rows into a table; triggers and foreign keys rest meanwhile, and its indexes are made again at the end. */
async function copy(port, table, columns, rows, { indexes = false } = {}) {
  const begun = performance.now()
  const kept = indexes ? JSON.parse(sql(port, `SELECT coalesce(json_agg(json_build_object('name', i.indexname, 'definition', i.indexdef)), '[]') FROM pg_indexes i WHERE i.schemaname = 'public' AND i.tablename = '${table}' AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)`)) : []
  if (kept.length) sql(port, kept.map((i) => `DROP INDEX ${i.name}`).join('; '))
  const child = spawn('psql', ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', '-d', 'gatehouse', '-v', 'ON_ERROR_STOP=1', '-q', '-c', 'SET session_replication_role = replica', '-c', 'SET synchronous_commit = off', '-c', `COPY ${table} (${columns}) FROM STDIN`], { stdio: ['pipe', 'inherit', 'inherit'] })
  let block = '', count = 0
  for (const row of rows) {
    block += row + '\n'
    count++
    if (block.length > 1 << 20) { if (!child.stdin.write(block)) await once(child.stdin, 'drain'); block = '' }
  }
  child.stdin.end(block)
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`COPY ${table} ended with ${code}`)
  const copied = performance.now()
  for (const i of kept) sql(port, `SET maintenance_work_mem = '1GB'; SET max_parallel_maintenance_workers = 2; ${i.definition}`)
  console.error(`${table}: ${count} rows in ${((copied - begun) / 1000).toFixed(1)} s${kept.length ? `, ${kept.length} indexes in ${((performance.now() - copied) / 1000).toFixed(1)} s` : ''}`)
}

const time = (ms) => new Date(ms).toISOString().replace('T', ' ').replace('Z', '+00')
const bytes = (buffer) => '\\\\x' + buffer.toString('hex')

// As in src/Gatehouse.Server/Vault: HKDF-Expand, and AES-256-GCM with the nonce before and the tag behind.
const expand = (key, info, size = 32) => createHmac('sha256', key).update(info).update(Buffer.from([1])).digest().subarray(0, size)
function seal(key, plain, context) {
  const nonce = randomBytes(12), cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context))
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** Data keys and signing keys of a tenant, sealed as the server seals them. The pairs themselves are the same for all: to make ten thousand RSA pairs takes half an hour. */
function keyMaker(data) {
  const master = Buffer.from(readFileSync(join(data, 'master.key'), 'utf8').trim(), 'base64'), id = expand(master, 'gatehouse master key id', 8), wrapping = expand(master, 'gatehouse master key wrap')
  const pairs = { ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }), RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }) }
  const made = Object.entries(pairs).map(([algorithm, pair]) => ({ algorithm, jwk: pair.publicKey.export({ format: 'jwk' }), private: pair.privateKey.export({ format: 'der', type: 'pkcs8' }) }))
  return (tenant, n) => {
    const name = text('tnt', tenant), key = randomBytes(32)
    return {
      wrapped: Buffer.concat([Buffer.from([1]), id, seal(wrapping, key, `tenant_data_keys:${name}:1`)]),
      signing: made.map((m, k) => {
        const uid = uuid(EPOCH + n, 8 + k, n), kid = text('key', uid), context = `seal:${name}:1:12:signing_keys:14:sealed_private:${kid.length}:${kid}`
        return { id: uid, algorithm: m.algorithm, jwk: JSON.stringify({ ...m.jwk, kid, use: 'sig', alg: m.algorithm }), sealed: Buffer.concat([Buffer.from([1, 0, 0, 0, 1]), seal(expand(key, context), m.private, context)]) }
      }),
    }
  }
}

/**
 * @param data the server's data directory, in which the master key lies
 * @param tenant the one that becomes large: { id, issuer } with id as UUID
 * @param password a PHC string, for the first users of whom one signs in
 */
export async function generate(port, data, tenant, size, password, signers = 500) {
  const { tenants, users, organizations, audit } = sizes[size]
  const t = tenant.id, settings = '{"accent": null, "methods": null, "enrolment": null, "second_factor": null, "join_at_sign_in": null, "session_idle_seconds": null, "session_absolute_seconds": null}'
  const root = sql(port, 'SELECT id FROM tenants WHERE parent_id IS NULL'), address = new URL(tenant.issuer)
  const host = address.host
  function* each(count, make) { for (let n = 0; n < count; n++) { const made = make(n); if (Array.isArray(made)) yield* made; else yield made } }

  // The large one and the root were made by the server; the others get what it would give them.
  const others = tenants - 2
  const other = (n) => uuid(EPOCH + n, 3, n)
  await copy(port, 'tenants', 'id, slug, display_name, issuer, parent_id, status, settings, version, created_at, updated_at', each(others, (n) => `${other(n)}\tscale-${n}\tTenant ${n}\thttp://${host}/t/scale-${n}\t${root}\tactive\t{}\t1\t${time(EPOCH + n)}\t${time(EPOCH + n)}`))
  await copy(port, 'tenant_domains', 'tenant_id, host, path, base_url, canonical, created_at', each(others, (n) => `${other(n)}\t${host}\t/t/scale-${n}\thttp://${host}/t/scale-${n}\tt\t${time(EPOCH + n)}`))
  const keysOf = keyMaker(data), keys = Array.from({ length: others }, (_, n) => keysOf(other(n), n)), now = new Date().toISOString()
  await copy(port, 'tenant_data_keys', 'tenant_id, version, wrapped, created_at', keys.map((k, n) => `${other(n)}\t1\t${bytes(k.wrapped)}\t${now}`))
  await copy(port, 'signing_keys', 'tenant_id, id, algorithm, state, public_jwk, sealed_private, created_at, activates_at', keys.flatMap((k, n) => k.signing.map((s) => `${other(n)}\t${s.id}\t${s.algorithm}\tactive\t${s.jwk}\t${bytes(s.sealed)}\t${now}\t${now}`)))

  await copy(port, 'users', 'tenant_id, id, status, display_name, given_name, family_name, display_key, given_key, family_key, attributes, version, created_at, updated_at', each(users, (n) => {
    const u = user(n), name = `${u.given} ${u.family}`
    return `${t}\t${u.id}\t${n % 50 === 49 ? 'disabled' : 'active'}\t${name}\t${u.given}\t${u.family}\t${name.toLowerCase()}\t${u.given.toLowerCase()}\t${u.family.toLowerCase()}\t{"department": "d${n % 100}"}\t1\t${time(EPOCH + n * 10)}\t${time(EPOCH + n * 10)}`
  }), { indexes: true })
  await copy(port, 'user_emails', 'tenant_id, id, user_id, address, normalized, verified, is_primary, created_at', each(users, (n) => { const u = user(n); return `${t}\t${uuid(EPOCH + n * 10, 4, n)}\t${u.id}\t${u.email}\t${u.email}\tt\tt\t${time(EPOCH + n * 10)}` }), { indexes: true })
  await copy(port, 'user_phones', 'tenant_id, id, user_id, number, verified, is_primary, created_at', each(users, (n) => { const u = user(n); return `${t}\t${uuid(EPOCH + n * 10, 5, n)}\t${u.id}\t${u.phone}\tt\tt\t${time(EPOCH + n * 10)}` }), { indexes: true })
  await copy(port, 'passwords', 'tenant_id, user_id, phc, changed_at', each(Math.min(users, signers), (n) => `${t}\t${user(n).id}\t${password}\t${time(EPOCH + n * 10)}`))
  if (sql(port, `SELECT to_regclass('public.user_terms') IS NOT NULL`) === 't') {
    // The primary key is what is searched; made at the end it takes a fraction of the time.
    const key = sql(port, `SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'user_terms_pkey'`)
    sql(port, 'ALTER TABLE user_terms DROP CONSTRAINT user_terms_pkey')
    await copy(port, 'user_terms', 'tenant_id, user_id, term', each(users, (n) => { const u = user(n); return terms(u).map((term) => `${t}\t${u.id}\t${term}`) }))
    sql(port, `SET maintenance_work_mem = '1GB'; ALTER TABLE user_terms ADD CONSTRAINT user_terms_pkey ${key}`)
    await copy(port, 'user_indexed', 'tenant_id, user_id, texts', each(users, (n) => { const u = user(n); return `${t}\t${u.id}\t${JSON.stringify({ names: [`${u.given} ${u.family}`.toLowerCase(), u.given.toLowerCase(), u.family.toLowerCase()], emails: [u.email], phones: [u.phone], attributes: [] })}` }))
  }
  await copy(port, 'organizations', 'tenant_id, id, slug, display_name, name_key, status, metadata, version, created_at, updated_at, settings', each(organizations, (n) => { const o = organization(n); return `${t}\t${o.id}\t${o.slug}\tOrganization ${n}\torganization ${n}\tactive\t{}\t1\t${time(EPOCH + n * 10)}\t${time(EPOCH + n * 10)}\t${settings}` }), { indexes: true })
  // Everybody belongs to one, every tenth to a second; and holds a role there.
  const member = '00000000-0000-7000-8000-000000000007'
  await copy(port, 'organization_members', 'tenant_id, organization_id, user_id, joined_at', each(users, (n) => [0, ...(n % 10 ? [] : [1])].map((second) => `${t}\t${organization(owner(n + second, organizations)).id}\t${user(n).id}\t${time(EPOCH + n * 10)}`)), { indexes: true })
  await copy(port, 'held_roles', 'tenant_id, id, holder_kind, holder_id, role_id, scope_kind, scope_id, given_by, created_at', each(users, (n) => `${t}\t${uuid(EPOCH + n * 10, 6, n)}\tuser\t${user(n).id}\t${member}\torganization\t${organization(owner(n, organizations)).id}\tsystem\t${time(EPOCH + n * 10)}`), { indexes: true })
  await auditEntries(port, t, users, organizations, audit)
  for (const table of ['tenants', 'tenant_domains', 'tenant_data_keys', 'signing_keys', 'users', 'user_emails', 'user_phones', 'organizations', 'organization_members', 'held_roles', 'audit_entries', 'audit_counts', 'passwords']) sql(port, `VACUUM (ANALYZE) ${table}`)
  if (sql(port, `SELECT to_regclass('public.user_terms') IS NOT NULL`) === 't') sql(port, 'VACUUM (ANALYZE) user_terms')
  sql(port, 'CHECKPOINT')
}

/** The chain goes on from where the server left it. Form 1 of an entry: everything in plain, as before persons' keys. */
async function auditEntries(port, t, users, organizations, count) {
  const [seq, hash] = (sql(port, `SELECT seq || ' ' || encode(hash, 'hex') FROM audit_heads WHERE tenant_id = '${t}'`) || `0 ${'0'.repeat(64)}`).split(' ')
  const tenant = text('tnt', t), counts = new Map(), began = Date.UTC(2026, 5, 1)
  let previous = Buffer.from(hash, 'hex'), place = Number(seq)
  const people = Array.from({ length: Math.min(users, 200_000) }, (_, n) => text('usr', user(n).id))
  const q = (v) => v === null ? 'null' : JSON.stringify(v)
  function* rows() {
    for (let n = 0; n < count; n++) {
      // A year at most, a few in the same millisecond; the last before now.
      const at = began + Math.floor(n * (150 * 86400e3 / count)), id = uuid(at, 7, n), action = actions[n % actions.length], outcome = action === 'password.failed' ? 'failure' : 'success'
      const actor = people[(n * 7919) % people.length], target = people[(n * 104729) % people.length], ip = `192.0.${(n >> 8) & 255}.${n & 255}`, agent = 'Mozilla/5.0 (X11; Linux x86_64)'
      const org = n % 3 ? '\\N' : organization(n % organizations).id
      const iso = new Date(at).toISOString(), stamp = iso.slice(0, -1) + '000Z'
      place++
      const canonical = `{"action":${q(action)},"actor_id":${q(actor)},"actor_kind":"user","at":${q(stamp)},"details":{"number":"${n}"},"id":${q(text('aud', id))},"ip":${q(ip)},"outcome":${q(outcome)},"request_id":"r${n}","seq":${place},"target_id":${q(target)},"target_kind":"user","tenant":${q(tenant)},"user_agent":${q(agent)}}`
      previous = createHash('sha256').update(previous).update(canonical).digest()
      const day = iso.slice(0, 10), key = `${day}\t${action}\t${outcome}`
      counts.set(key, (counts.get(key) ?? 0) + 1)
      yield `${t}\t${id}\t${iso}\t${action}\t${outcome}\tuser\t${actor}\tuser\t${target}\t${ip}\t${agent}\tr${n}\t{"number": "${n}"}\t${place}\t${bytes(previous)}\t1\t${action.split('.')[0]}\t${org}`
    }
  }
  await copy(port, 'audit_entries', 'tenant_id, id, at, action, outcome, actor_kind, actor_id, target_kind, target_id, ip, user_agent, request_id, details, seq, hash, form, class, organization_id', rows(), { indexes: true })
  await copy(port, 'audit_counts', 'tenant_id, day, action, outcome, entries', [...counts].map(([key, n]) => `${t}\t${key}\t${n}`))
  sql(port, `SET session_replication_role = replica; INSERT INTO audit_heads (tenant_id, seq, hash) VALUES ('${t}', ${place}, decode('${previous.toString('hex')}', 'hex')) ON CONFLICT (tenant_id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash`)
}
