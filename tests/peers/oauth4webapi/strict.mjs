// oauth4webapi: every answer goes through its own strict check, step by step, for a public client and a confidential one.
import * as oauth from 'oauth4webapi'
import { Browser } from '../browser.mjs'
import { check, equal, failure, run } from '../steps.mjs'

const insecure = { [oauth.allowInsecureRequests]: true }
const world = {}

async function code(client, clientAuth, browser, redirectUri, person, scope) {
  const verifier = oauth.generateRandomCodeVerifier()
  const state = oauth.generateRandomState()
  const nonce = oauth.generateRandomNonce()
  const url = new URL(world.as.authorization_endpoint)
  url.search = new URLSearchParams({ client_id: client.client_id, redirect_uri: redirectUri, response_type: 'code', scope, state, nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', max_age: '3600' })
  const { url: callback } = await browser.signIn(url.href, person)
  // Checks state and, because the metadata promise it, iss (RFC 9207).
  const parameters = oauth.validateAuthResponse(world.as, client, callback, state)
  const response = await oauth.authorizationCodeGrantRequest(world.as, client, clientAuth, parameters, redirectUri, verifier, insecure)
  equal(response.headers.get('cache-control'), 'no-store', 'Cache-Control')
  const result = await oauth.processAuthorizationCodeResponse(world.as, client, response, { expectedNonce: nonce, maxAge: 3600, requireIdToken: true })
  // The code itself: what the library does only where TLS is not trusted.
  await oauth.validateApplicationLevelSignature(world.as, response, insecure)
  return result
}

run([
  ['discovery in both layouts', async ({ issuer, publicClient, web }) => {
    const id = new URL(issuer)
    for (const algorithm of ['oidc', 'oauth2'])
      world.as = await oauth.processDiscoveryResponse(id, await oauth.discoveryRequest(id, { algorithm, ...insecure }))
    equal(world.as.authorization_response_iss_parameter_supported, true, 'RFC 9207')
    world.public = { client_id: publicClient.id }
    world.web = { client_id: web.id }
    world.secret = oauth.ClientSecretBasic(web.secret)
  }],
  ['a response without iss is refused', async () => {
    check((await failure(Promise.resolve().then(() => oauth.validateAuthResponse(world.as, world.public, new URL('http://127.0.0.1/cb?code=x&state=s'), 's')), 'no iss')).message, 'a message')
  }],
  ['code with PKCE, public client', async ({ issuer, publicClient, person }) => {
    world.browser = new Browser(issuer)
    world.tokens = await code(world.public, oauth.None(), world.browser, publicClient.redirect_uri, person, 'openid profile email offline_access')
    world.claims = oauth.getValidatedIdTokenClaims(world.tokens)
    check(world.tokens.refresh_token, 'a refresh token')
  }],
  ['userinfo', async ({ person }) => {
    const info = await oauth.processUserInfoResponse(world.as, world.public, world.claims.sub, await oauth.userInfoRequest(world.as, world.public, world.tokens.access_token, insecure))
    equal(info.email, person.email, 'email')
  }],
  ['userinfo with a spoiled token is challenged', async () => {
    const error = await failure(oauth.userInfoRequest(world.as, world.public, `${world.tokens.access_token}x`, insecure).then((r) => oauth.processUserInfoResponse(world.as, world.public, world.claims.sub, r)), 'spoiled')
    check(error instanceof oauth.WWWAuthenticateChallengeError, error.name)
    equal(error.status, 401, 'status')
    equal(error.cause[0].parameters.error, 'invalid_token', 'error')
  }],
  ['refresh, public client', async () => {
    const response = await oauth.refreshTokenGrantRequest(world.as, world.public, oauth.None(), world.tokens.refresh_token, insecure)
    const next = await oauth.processRefreshTokenResponse(world.as, world.public, response)
    check(next.refresh_token !== world.tokens.refresh_token, 'rotated: RFC 9700 §4.14.2 wants that of a public client')
    world.tokens = next
  }],
  ['revocation, public client', async () => {
    await oauth.processRevocationResponse(await oauth.revocationRequest(world.as, world.public, oauth.None(), world.tokens.refresh_token, insecure))
    const error = await failure(oauth.refreshTokenGrantRequest(world.as, world.public, oauth.None(), world.tokens.refresh_token, insecure).then((r) => oauth.processRefreshTokenResponse(world.as, world.public, r)), 'revoked')
    equal(error.error, 'invalid_grant', 'error')
    equal(error.status, 400, 'status')
  }],
  ['code with PKCE, confidential client in the same browser', async ({ web, person }) => {
    world.mine = await code(world.web, world.secret, world.browser, web.redirect_uri, person, 'openid email offline_access')
  }],
  ['introspection', async () => {
    const ask = async (token) => oauth.processIntrospectionResponse(world.as, world.web, await oauth.introspectionRequest(world.as, world.web, world.secret, token, insecure))
    const answer = await ask(world.mine.access_token)
    equal(answer.active, true, 'active')
    equal(answer.iss, world.as.issuer, 'iss')
    equal((await ask(world.mine.refresh_token)).active, true, 'its refresh token')
    equal(Object.keys(await ask(world.tokens.access_token)).join(), 'active', "another client's token tells nothing")
  }],
  ['client credentials and the access token as a resource server sees it', async ({ machine, api }) => {
    const client = { client_id: machine.id }
    const response = await oauth.clientCredentialsGrantRequest(world.as, client, oauth.ClientSecretPost(machine.secret), { scope: api.scope, resource: api.identifier }, insecure)
    const tokens = await oauth.processClientCredentialsResponse(world.as, client, response)
    const claims = await oauth.validateJwtAccessToken(world.as, new Request('http://127.0.0.1/api', { headers: { authorization: `Bearer ${tokens.access_token}` } }), api.identifier, insecure)
    equal(claims.client_id, machine.id, 'client_id')
    equal(claims.scope, api.scope, 'scope')
    check((await failure(oauth.validateJwtAccessToken(world.as, new Request('http://127.0.0.1/api', { headers: { authorization: `Bearer ${world.mine.id_token}` } }), api.identifier, insecure), 'an ID token')).message, 'refused as an access token: RFC 9068')
  }],
  ['a wrong secret', async ({ machine }) => {
    const client = { client_id: machine.id }
    const error = await failure(oauth.clientCredentialsGrantRequest(world.as, client, oauth.ClientSecretBasic('wrong'), {}, insecure).then((r) => oauth.processClientCredentialsResponse(world.as, client, r)), 'wrong secret')
    equal(error.status ?? error.response?.status, 401, 'status')
  }],
  ['private_key_jwt, and the same assertion again', async ({ signer, api }) => {
    const key = await crypto.subtle.importKey('pkcs8', Buffer.from(signer.key, 'base64'), { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])
    const client = { client_id: signer.id }
    let sent
    const keeping = { ...insecure, [oauth.customFetch]: (url, options) => { sent = { url, options }; return fetch(url, options) } }
    const response = await oauth.clientCredentialsGrantRequest(world.as, client, oauth.PrivateKeyJwt({ key, kid: signer.kid }), { scope: api.scope, resource: api.identifier }, keeping)
    const tokens = await oauth.processClientCredentialsResponse(world.as, client, response)
    check(tokens.access_token, 'an access token')
    equal((await fetch(sent.url, sent.options)).status, 401, 'a replay')
  }],
  ['RP-initiated logout', async ({ web }) => {
    const url = new URL(world.as.end_session_endpoint)
    url.search = new URLSearchParams({ id_token_hint: world.mine.id_token, client_id: web.id, post_logout_redirect_uri: web.post_logout_redirect_uri })
    equal((await world.browser.walk(url.href)).location, web.post_logout_redirect_uri, 'back at the application')
  }],
])
