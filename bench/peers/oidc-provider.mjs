// The peer: npm oidc-provider with its in-memory adapter, configured for the same client_credentials, discovery and refresh requests.
import { generateKeyPairSync } from 'node:crypto'
import Provider from 'oidc-provider'

const port = Number(process.argv[2] ?? 9002)
const issuer = `http://localhost:${port}`
const jwk = (pair, extra) => ({ ...pair.privateKey.export({ format: 'jwk' }), use: 'sig', ...extra })
const provider = new Provider(issuer, {
  jwks: { keys: [
    jwk(generateKeyPairSync('ec', { namedCurve: 'P-256' }), { alg: 'ES256', kid: 'es' }),
    jwk(generateKeyPairSync('rsa', { modulusLength: 2048 }), { alg: 'RS256', kid: 'rs' }),
  ] },
  clients: [
    { client_id: 'bench', client_secret: 'bench-secret-bench-secret-bench-secret', grant_types: ['client_credentials', 'refresh_token', 'authorization_code'], redirect_uris: ['https://bench.example/cb'], response_types: ['code'], token_endpoint_auth_method: 'client_secret_post', scope: 'openid offline_access read' },
  ],
  scopes: ['openid', 'offline_access', 'read'],
  findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  rotateRefreshToken: true,
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (ctx, resource) => ({ scope: 'read', audience: resource, accessTokenFormat: 'jwt', accessTokenTTL: 600, jwt: { sign: { alg: resource.endsWith('/rs') ? 'RS256' : 'ES256' } } }),
      useGrantedResource: () => true,
    },
  },
})

// Refresh tokens without walking a browser through it: made as the provider itself makes them.
async function refreshTokens(count) {
  const client = await provider.Client.find('bench')
  const grant = new provider.Grant({ accountId: 'user', clientId: 'bench' })
  grant.addOIDCScope('openid offline_access')
  const grantId = await grant.save()
  const tokens = []
  for (let i = 0; i < count; i++) {
    const token = new provider.RefreshToken({ client, accountId: 'user', grantId, scope: 'openid offline_access', gty: 'authorization_code', authTime: Math.floor(Date.now() / 1000), rotations: 0, expiresWithSession: false })
    tokens.push(await token.save())
  }
  return tokens
}

// Asked for just before they are used: the in-memory adapter forgets beyond a thousand entries.
provider.use(async (ctx, next) => {
  if (ctx.path !== '/bench-refresh-tokens') return next()
  ctx.body = await refreshTokens(64)
})

provider.listen(port, '127.0.0.1', () => console.log(JSON.stringify({ ready: true })))
