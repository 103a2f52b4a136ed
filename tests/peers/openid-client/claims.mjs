// openid-client 6, unmodified: claims that rules put into tokens and UserInfo.
import * as oidc from 'openid-client'
import { Browser } from '../browser.mjs'
import { check, equal, run } from '../steps.mjs'

const world = {}
const part = (jwt) => JSON.parse(Buffer.from(jwt.split('.')[1], 'base64url').toString())

run([
  ['claims in the ID token', async ({ issuer, web, person }) => {
    world.config = await oidc.discovery(new URL(issuer), web.id, web.secret, oidc.ClientSecretBasic(web.secret), { execute: [oidc.allowInsecureRequests] })
    check(world.config.serverMetadata().scopes_supported.includes('roles'), 'the scope is advertised')
    const pkceCodeVerifier = oidc.randomPKCECodeVerifier()
    const url = oidc.buildAuthorizationUrl(world.config, {
      redirect_uri: web.redirect_uri, scope: 'openid roles offline_access orders.read', state: 's', nonce: 'n',
      code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier), code_challenge_method: 'S256',
    })
    const { url: callback } = await new Browser(issuer).signIn(url.href, person)
    world.tokens = await oidc.authorizationCodeGrant(world.config, callback, { pkceCodeVerifier, expectedState: 's', expectedNonce: 'n', idTokenExpected: true })
    const claims = world.tokens.claims()
    equal(claims.roles.join(), 'clerk,reader', 'roles')
    equal(claims['https://shop.example/tier'], 'gold', 'namespaced')
    equal(claims.iss, issuer, 'iss')
  }],
  ['claims in UserInfo', async () => {
    const info = await oidc.fetchUserInfo(world.config, world.tokens.access_token, world.tokens.claims().sub)
    equal(info.roles.join(), 'clerk,reader', 'roles')
    check(!('https://shop.example/tier' in info), 'not there')
  }],
  ["claims in an API's access token", async ({ api }) => {
    world.next = await oidc.refreshTokenGrant(world.config, world.tokens.refresh_token, { resource: api })
    equal(part(world.next.access_token)['https://shop.example/tier'], 'gold', 'namespaced')
    check(!('roles' in part(world.next.access_token)), 'no rule put roles there')
    equal(part(world.next.access_token).aud, api, 'aud')
  }],
  ['an ID token is no access token', async ({ issuer }) => {
    const answer = await fetch(`${issuer}/oauth2/userinfo`, { headers: { authorization: `Bearer ${world.tokens.id_token}` } })
    equal(answer.status, 401, 'status')
    const other = await fetch(`${issuer}/oauth2/userinfo`, { headers: { authorization: `Bearer ${world.next.access_token}` } })
    equal(other.status, 401, "an API's token")
  }],
])
