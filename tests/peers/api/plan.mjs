// In which order the operations of the management API can be called one after another so that each finds what it is about, made from docs/openapi.json. The
// examples, the Postman collection and the generated client's program all follow it. An operation that nobody placed comes last and may be
// refused; those placed here must succeed, or answer as it says.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..', '..', '..')
export const description = (name = 'openapi') => JSON.parse(readFileSync(join(root, 'docs', `${name}.json`), 'utf8'))

/** What an example's id is called when a program holds it. */
const prefixes = { usr: 'user_id', org: 'organization_id', cli: 'client_id', api: 'api_id', grp: 'group_id', sec: 'secret_id', fky: 'flow_key_id', job: 'job_id', inv: 'invitation_id', asg: 'assignment_id', tnt: 'tenant_id', eml: 'email_id', phn: 'phone_id', wsp: 'workspace_id', apk: 'api_key_id' }
const named = { hold: 'hold_id', stream: 'stream_id' }

/** Members of a description's examples that are ids somebody made before: {{user_id}}. */
export const variable = (value) => {
  const [, prefix, tail] = /^([a-z]{3})_01h455vb4pex5vsknk084sn02(q|r)$/.exec(value) ?? []
  return prefix && prefixes[prefix] ? (tail === 'r' ? 'inner_' : '') + prefixes[prefix] : null
}

const place = (path, name) => path.startsWith('/api/v1/organizations/') && name === 'key' ? 'organization_api_key_id' : path.startsWith('/api/v1/organizations/') && name === 'group' ? 'organization_group_id' : path.startsWith('/api/v1/organizations/') && name === 'inner' ? 'organization_inner_group_id' : name === 'id' && /\/organizations\/.*\/role-assignments\/\{id\}/.test(path) ? 'organization_assignment_id'
  : name !== 'id' && name !== 'domain' ? null : /\/holds\/\{id\}/.test(path) ? named.hold : /\/streams\/\{id\}/.test(path) ? named.stream
  : /\/tenants\/.*\/domains\/\{domain\}/.test(path) && name === 'domain' ? 'tenant_domain_id' : /\/organizations\/.*\/domains\/\{domain\}/.test(path) && name === 'domain' ? 'acme.example' : null

/** The order. `as` calls it a second time for another thing; `expect` where there is nothing to succeed with. */
const order = [
  'apis.create', 'apis.permissions.register', 'roles.create', 'organization_schema.put', 'organizations.create', 'users.create', 'clients.create', 'clients.secrets.create',
  'groups.create', { op: 'groups.create', as: 'inner_group_id', body: { name: 'Night shift' } }, 'members.add', 'domains.add', 'invitations.create', 'invitations.bulk', 'tenants.create', 'tenants.domains.add', 'flow_keys.create',
  'users.emails.add', 'users.phones.add', 'users.password.set', 'role_assignments.create', 'audit.holds.create', 'audit.streams.create', 'mail_templates.put', 'flows.replace',
  // Reading, asking and changing.
  'apis.list', 'apis.get', 'apis.update', 'apis.permissions.list', 'roles.list', 'roles.get', 'roles.update', 'permissions.list', 'permissions.check', 'permissions.check_batch', 'users.list', 'users.get', 'users.update', 'users.emails.verify', 'users.emails.make_primary',
  'users.phones.verify', 'users.phones.make_primary', 'users.permissions.effective', 'users.groups.list', 'users.organizations', 'users.passkeys.list', 'users.devices.list', 'users.sessions.list', 'users.roles.list', 'users.password.reset', 'users.disable', 'users.enable',
  'users.roles.grant', 'users.roles.get', 'api_keys.create', 'api_keys.list', 'api_keys.get', 'api_keys.update', 'api_keys.rotate', 'api_keys.verify', { op: 'users.emails.add', as: 'email_id', path: 'emails.2.id', body: { address: 'ann.b@acme.example' } }, { op: 'users.recovery.get', expect: [200, 404] }, { op: 'sessions.get', expect: [404] },
  'clients.list', 'clients.get', 'clients.update',
  // Its rows change the user a moment later: nothing else does for a while.
  'users.bulk', 'groups.list', 'groups.get', 'groups.update', 'groups.members.add', 'groups.members.list', 'groups.groups.add', 'groups.groups.list',
  'organization_schema.get', 'organizations.list', 'organizations.get', 'organizations.update', 'organizations.disable', 'organizations.enable', 'organizations.audit', 'members.list', 'members.get', 'domains.list', { op: 'domains.verify', expect: [200, 409, 422, 429], slow: true }, 'requests.list',
  { op: 'requests.approve', expect: [404] }, { op: 'requests.deny', expect: [404] }, 'organizations.roles.list', 'organizations.role_assignments.create', 'organizations.role_assignments.list', 'organizations.role_assignments.delete',
  'organizations.groups.create', 'organizations.groups.list', 'organizations.groups.get', 'organizations.groups.update', 'organizations.groups.members.add', 'organizations.groups.members.list', 'organizations.groups.members.remove',
  { op: 'organizations.groups.create', as: 'organization_inner_group_id', body: { name: 'Forklifts' } }, 'organizations.groups.groups.add', 'organizations.groups.groups.list', 'organizations.groups.groups.remove', 'organizations.groups.delete',
  'organizations.api_keys.create', 'organizations.api_keys.list', 'organizations.api_keys.get', 'organizations.api_keys.update', 'organizations.api_keys.rotate', 'organizations.api_keys.revoke',
  'invitations.list', 'invitations.get', { op: 'invitations.resend', expect: [200, 204, 429] }, 'invitations.revoke', 'role_assignments.list', 'role_assignments.get', 'role_assignments.update',
  'jobs.list', 'jobs.get', 'jobs.results', { op: 'jobs.cancel', expect: [200, 409] }, 'flows.get', 'flows.preview', 'flows.versions.list', 'flows.versions.get', 'flows.roll_back', 'flow_keys.list', 'mail_templates.get', 'keys.list', 'keys.rotate',
  'audit.list', 'audit.export', 'audit.head', 'audit.heads', 'audit.keys', 'audit.keys.rotate', 'audit.statistics', 'audit.retention.get', 'audit.retention.put', 'audit.holds.list', 'audit.streams.list', 'audit.streams.get', 'audit.streams.pause', 'audit.streams.resume',
  'authenticator_metadata.get', { op: 'authenticator_metadata.model', expect: [200, 404] }, 'recoveries.list', { op: 'recoveries.approve', expect: [404] }, { op: 'recoveries.cancel', expect: [404] },
  'tenants.list', 'tenants.get', 'tenants.update', 'tenants.settings.get', 'tenants.settings.replace', 'tenants.settings.update', 'tenants.domains.list', 'tenants.suspend', 'tenants.resume',
  // Taking it all away again.
  'audit.streams.delete', 'audit.holds.release', 'api_keys.revoke', 'mail_templates.delete', { op: 'flow_keys.delete', expect: [204, 409] }, 'users.roles.revoke', 'role_assignments.delete', 'groups.groups.remove', 'groups.members.remove', 'groups.delete', { op: 'groups.delete', about: { group_id: 'inner_group_id' } }, 'domains.remove', 'members.remove', 'organization_schema.delete', 'organizations.delete',
  'users.sessions.revoke_all', { op: 'users.sessions.revoke', expect: [404] }, 'users.devices.revoke_all', { op: 'users.devices.revoke', expect: [404] }, { op: 'users.passkeys.remove', expect: [404] }, { op: 'users.two_step.remove', expect: [204, 404] }, 'users.phones.remove', 'users.emails.remove',
  'users.delete', 'audit.erasures.create', 'clients.secrets.delete', 'clients.delete', 'roles.delete', 'apis.delete', 'tenants.domains.remove',
  // A tenant must have been exported lately.
  { op: 'tenants.delete', expect: [204, 409] },
  // What nobody placed: on things that are gone, so that it takes nothing from what was placed.
  '*',
]

const firstUse = 'apis.list', firstRemoval = 'audit.streams.delete'

/** Where the answer says what it made. */
const saved = {
  'apis.create': ['api_id', 'id'], 'organizations.create': ['organization_id', 'id'], 'users.create': ['user_id', 'id'], 'clients.create': ['client_id', 'client.id'], 'clients.secrets.create': ['secret_id', 'id'],
  'groups.create': ['group_id', 'id'], 'organizations.groups.create': ['organization_group_id', 'id'], 'invitations.create': ['invitation_id', 'id'], 'tenants.create': ['tenant_id', 'id'], 'tenants.domains.add': ['tenant_domain_id', 'id'],
  'flow_keys.create': ['flow_key_id', 'id'], 'users.emails.add': ['email_id', 'emails.1.id'], 'users.phones.add': ['phone_id', 'phones.0.id'], 'role_assignments.create': ['assignment_id', 'id'], 'organizations.role_assignments.create': ['organization_assignment_id', 'id'],
  'audit.holds.create': ['hold_id', 'id'], 'audit.streams.create': ['stream_id', 'id'], 'users.bulk': ['job_id', 'id'], 'api_keys.create': ['api_key_id', 'key.id'], 'organizations.api_keys.create': ['organization_api_key_id', 'key.id'],
}

const follow = (document, node) => node?.$ref ? node.$ref.slice(2).split('/').reduce((at, part) => at[part.replaceAll('~1', '/').replaceAll('~0', '~')], document) : node
const example = (document, content) => content.example ?? follow(document, Object.values(content.examples ?? {})[0])?.value

/** Every operation with its example: path with {{variables}}, body with them, statuses. */
export function operations(document = description()) {
  return Object.entries(document.paths).flatMap(([path, item]) => Object.entries(item).map(([method, operation]) => {
    const content = operation.requestBody?.content ?? {}
    const type = content['application/merge-patch+json'] ? 'application/merge-patch+json' : Object.keys(content)[0]
    const parameters = (operation.parameters ?? []).filter((p) => p.in === 'path')
    const target = parameters.reduce((at, p) => {
      const known = place(path, p.name) ?? (variable(String(p.example)) || null)
      return at.replace(`{${p.name}}`, known ? (known.endsWith('_id') ? `{{${known}}}` : known) : String(p.example))
    }, path)
    const body = type && withVariables(example(document, content[type]))
    return { id: operation.operationId, tag: operation.tags[0], summary: operation.summary, method: method.toUpperCase(), path, target, type, body, parameters: operation.parameters ?? [], operation, documented: Object.keys(operation.responses).map(Number), success: Object.keys(operation.responses).map(Number).filter((s) => s < 300), save: saved[operation.operationId] }
  }))
}

function withVariables(value) {
  if (typeof value === 'string') { const name = variable(value); return name ? `{{${name}}}` : value }
  if (Array.isArray(value)) return value.map(withVariables)
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, withVariables(v)]))
  return value
}

export const isPlaced = (id) => order.some((o) => (o.op ?? o) === id)

/** The steps of a whole walk through the API. */
export function walk(document = description()) {
  const all = new Map(operations(document).map((o) => [o.id, o]))
  const placed = new Set(order.map((o) => o.op ?? o))
  let part = 'make'
  return order.flatMap((entry) => {
    if (entry === firstUse) part = 'use'
    if (entry === firstRemoval) part = 'remove'
    if (entry === '*') return [...all.values()].filter((o) => !placed.has(o.id)).map((o) => ({ ...o, expect: [...new Set([...o.documented, 0, 400, 403, 404, 405, 409, 415, 422, 429])], part, unplaced: true }))
    const { op, as, path = 'id', body, about, expect, slow } = typeof entry === 'string' ? { op: entry } : entry
    const operation = all.get(op)
    // One that is gone from the API takes nothing with it but its own step.
    if (!operation) return []
    return [{ ...operation, ...(as ? { save: [as, path], body: { ...operation.body, ...body }, again: true } : {}), ...(about ? { again: true, target: Object.entries(about).reduce((t, [one, other]) => t.replace(`{{${one}}}`, `{{${other}}}`), operation.target) } : {}), expect: expect ?? operation.success, slow, part }]
  })
}

/** A value with its {{variables}} replaced. */
export const filled = (text, values) => text.replace(/\{\{([a-z_]+_id)\}\}/g, (_, name) => values[name] ?? `missing_${name}`)
export const at = (value, path) => path.split('.').reduce((v, part) => v?.[part], value)
