// Tokens of different people and programs, from a server of which one has the root tenant's automation client.
import { createHash, randomBytes } from 'node:crypto'
import { Browser } from '../browser.mjs'
import { description } from './plan.mjs'

export const scopes = Object.keys(description().components.securitySchemes.oauth2.flows.clientCredentials.scopes)

export async function call(server, method, path, body, headers = {}) {
  const response = await fetch(`${server.url}/api/v1${path}`, { method, headers: { authorization: `Bearer ${server.token}`, 'content-type': 'application/json', ...headers }, body: body && JSON.stringify(body) })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
  return text ? JSON.parse(text) : null
}

/** A program's own token for the management API. */
export async function program(url, client_id, client_secret, scope = scopes.join(' ')) {
  const response = await fetch(`${url}/oauth2/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret, scope, resource: `${url}/api/v1` }) })
  const answer = await response.json()
  if (!response.ok) throw new Error(`no token: ${JSON.stringify(answer)}`)
  return answer.access_token
}

/** A person's token through the pages, for the account API where nothing else is said. `server` may make users, clients and roles in this tenant; `role` gives her the scopes of the management API that she asks for. */
export async function person(server, email, { name = 'Grace', api = '/account/v1', scopes = ['account:read', 'account:write'], role } = {}) {
  const password = randomBytes(18).toString('base64url'), verifier = randomBytes(32).toString('base64url'), redirect_uri = 'https://app.example/callback', scope = ['openid', ...scopes]
  const user = await call(server, 'POST', '/users', { emails: [email], email_verified: true, display_name: name, password })
  if (role) {
    await call(server, 'POST', '/roles', { key: role, permissions: scopes })
    await call(server, 'PUT', `/users/${user.id}/roles/${role}`)
  }
  const { client } = await call(server, 'POST', '/clients', { name: `${name}'s app`, type: 'public', first_party: true, redirect_uris: [redirect_uri], scopes: scope })
  const url = `${server.url}/oauth2/authorize?` + new URLSearchParams({ response_type: 'code', client_id: client.id, redirect_uri, scope: scope.join(' '), resource: server.url + api, code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256' })
  const { url: back } = await new Browser(server.url).signIn(url, { email, password })
  const answer = await fetch(`${server.url}/oauth2/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'authorization_code', client_id: client.id, code: back.searchParams.get('code') ?? `none: ${back}`, redirect_uri, code_verifier: verifier }) })
  const tokens = await answer.json()
  if (!answer.ok) throw new Error(`no token for ${name}: ${JSON.stringify(tokens)}`)
  return { user, token: tokens.access_token }
}

/** A tenant below the server's own, with an administrator, a program that may nearly nothing, and a person. */
export async function tenantBelow(root, slug) {
  const tenant = await call(root, 'POST', '/tenants', { slug, display_name: slug })
  const inside = { 'x-tenant': tenant.id }
  const make = async (registration) => {
    const { client, secret } = await call(root, 'POST', '/clients', { type: 'confidential', first_party: true, grant_types: ['client_credentials'], ...registration }, inside)
    return { id: client.id, token: await program(tenant.issuer, client.id, secret, registration.scopes.join(' ')) }
  }
  const administrator = await make({ name: 'administrator', administrator: true, scopes })
  const weak = await make({ name: 'weak', scopes: ['users:read', 'clients:read'] })
  const server = { url: tenant.issuer, token: administrator.token }
  const account = await person(server, 'grace@example.com')
  return { id: tenant.id, url: tenant.issuer, server, tokens: { administrator: administrator.token, weak: weak.token, account: account.token }, user: account.user.id, client: administrator.id }
}
