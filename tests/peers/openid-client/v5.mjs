// openid-client 5, unmodified: how relying parties written some years ago behave.
import { Issuer, custom, generators } from 'openid-client5'
import { Browser } from '../browser.mjs'
import { check, equal, failure, run } from '../steps.mjs'

custom.setHttpOptionsDefaults({ timeout: 15000 })
const world = {}

async function authorize(browser, { web, person }, extra = {}) {
  const checks = { code_verifier: generators.codeVerifier(), state: generators.state(), nonce: generators.nonce(), response_type: 'code' }
  const url = world.client.authorizationUrl({ scope: 'openid profile email offline_access', state: checks.state, nonce: checks.nonce,
    code_challenge: generators.codeChallenge(checks.code_verifier), code_challenge_method: 'S256', ...extra })
  const { url: callback } = await browser.signIn(url, person)
  return world.client.callback(web.redirect_uri, world.client.callbackParams(callback.href), checks)
}

run([
  ['discovery', async ({ issuer, web }) => {
    world.issuer = await Issuer.discover(issuer)
    equal(world.issuer.issuer, issuer, 'issuer')
    world.client = new world.issuer.Client({ client_id: web.id, client_secret: web.secret, redirect_uris: [web.redirect_uri], response_types: ['code'],
      post_logout_redirect_uris: [web.post_logout_redirect_uri], id_token_signed_response_alg: 'RS256' })
  }],
  ['code with PKCE and an RS256 ID token', async (given) => {
    world.browser = new Browser(given.issuer)
    world.tokens = await authorize(world.browser, given)
    check(world.tokens.claims().sub && world.tokens.refresh_token, 'tokens')
  }],
  ['userinfo by GET and POST', async ({ person }) => {
    equal((await world.client.userinfo(world.tokens)).email, person.email, 'GET')
    equal((await world.client.userinfo(world.tokens, { method: 'POST', via: 'body' })).email, person.email, 'POST with the token in the body')
  }],
  ['refresh', async () => {
    world.next = await world.client.refresh(world.tokens)
    check(world.next.refresh_token !== world.tokens.refresh_token, 'rotated')
  }],
  ['introspection and revocation', async () => {
    equal((await world.client.introspect(world.next.access_token)).active, true, 'active')
    await world.client.revoke(world.next.refresh_token)
    equal((await world.client.introspect(world.next.access_token)).active, false, 'after revocation')
    equal((await failure(world.client.refresh(world.next.refresh_token), 'revoked')).error, 'invalid_grant', 'error')
  }],
  ['client credentials', async ({ machine, api }) => {
    const client = new world.issuer.Client({ client_id: machine.id, client_secret: machine.secret, token_endpoint_auth_method: 'client_secret_post' })
    const tokens = await client.grant({ grant_type: 'client_credentials', scope: api.scope, resource: api.identifier })
    equal(tokens.token_type, 'Bearer', 'token_type')
  }],
  ['error at the callback', async ({ issuer, web }) => {
    const state = generators.state()
    const answer = await new Browser(issuer).walk(world.client.authorizationUrl({ scope: 'openid', state, prompt: 'none', code_challenge: generators.codeChallenge(generators.codeVerifier()), code_challenge_method: 'S256' }))
    const error = await failure(world.client.callback(web.redirect_uri, world.client.callbackParams(answer.location), { state, response_type: 'code' }), 'prompt=none')
    equal(error.error, 'login_required', 'error')
  }],
  ['RP-initiated logout', async (given) => {
    const tokens = await authorize(world.browser, given, { prompt: 'none' })
    const out = await world.browser.walk(world.client.endSessionUrl({ id_token_hint: tokens.id_token, post_logout_redirect_uri: given.web.post_logout_redirect_uri, state: 'bye' }))
    equal(out.location, `${given.web.post_logout_redirect_uri}?state=bye`, 'back at the application')
  }],
])
