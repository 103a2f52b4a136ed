// A browser without scripts: a cookie jar and plain form posts, over raw HTTP so that it sends what a browser sends and nothing else.
import { request } from 'node:http'

const decode = (text) => text.replace(/&(#x?[0-9a-f]+|amp|lt|gt|quot|apos);/gi, (_, e) =>
  ({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" })[e] ?? String.fromCodePoint(/^#x/i.test(e) ? parseInt(e.slice(2), 16) : Number(e.slice(1))))
const attribute = (tag, name) => {
  const found = new RegExp(`\\s${name}(?:=(?:"([^"]*)"|'([^']*)'|([^\\s>]+)))?(?=[\\s>/])`, 'i').exec(tag)
  return found ? decode(found[1] ?? found[2] ?? found[3] ?? '') : undefined
}

/** The page's forms that post: where they go, what they carry already, which buttons they have. */
export const forms = (html) => [...html.matchAll(/<form\b[^>]*>([\s\S]*?)<\/form>/gi)].map(([whole, inner]) => {
  const tag = /<form\b[^>]*>/i.exec(whole)[0]
  const inputs = [...inner.matchAll(/<(?:input|button)\b[^>]*>/gi)].map(([t]) => ({
    element: /^<button/i.test(t) ? 'button' : 'input', name: attribute(t, 'name'), type: attribute(t, 'type') ?? 'text', value: attribute(t, 'value'), checked: attribute(t, 'checked') !== undefined }))
  const buttons = inputs.filter((i) => i.element === 'button' || i.type === 'submit')
  const fields = Object.fromEntries(inputs.filter((i) => i.name && !buttons.includes(i) && (i.type !== 'checkbox' || i.checked)).map((i) => [i.name, i.value ?? (i.type === 'checkbox' ? 'on' : '')]))
  return { action: attribute(tag, 'action') ?? '', method: (attribute(tag, 'method') ?? 'get').toLowerCase(), inputs, buttons, fields }
})

export class Browser {
  cookies = new Map()
  visited = []

  constructor(origin) { this.origin = new URL(origin).origin }

  /** One request; no redirect is followed. */
  go(url, fields) {
    const target = new URL(url)
    const body = fields && new URLSearchParams(fields).toString()
    this.visited.push(`${body === undefined ? 'GET' : 'POST'} ${target.pathname}`)
    const headers = {
      accept: 'text/html', 'accept-language': 'en', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', 'sec-fetch-site': body === undefined ? 'none' : 'same-origin',
      ...(this.cookies.size ? { cookie: [...this.cookies].map(([k, v]) => `${k}=${v}`).join('; ') } : {}),
      ...(body === undefined ? {} : { origin: this.origin, 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) }),
    }
    return new Promise((resolve, reject) => {
      const sent = request(target, { method: body === undefined ? 'GET' : 'POST', headers, timeout: 15000 }, (response) => {
        for (const line of response.headers['set-cookie'] ?? []) this.#keep(line)
        const chunks = []
        response.on('data', (c) => chunks.push(c))
        response.on('end', () => {
          // A browser leaves a page with a Refresh header by itself: HTML §7.4.2.1.
          const location = response.headers.location ?? /^0;\s*url=(.+)$/i.exec(response.headers.refresh ?? '')?.[1]
          resolve({ status: response.statusCode, headers: response.headers, url: target.href, location: location && new URL(location, target).href, html: Buffer.concat(chunks).toString('utf8') })
        })
      })
      sent.on('timeout', () => sent.destroy(new Error(`${target.href} did not answer in 15 s`)))
      sent.on('error', reject)
      sent.end(body)
    })
  }

  #keep(line) {
    const [, name, value] = /^\s*([^=]+)=([^;]*)/.exec(line)
    if (value === '' || /;\s*max-age=0/i.test(line) || /;\s*expires=thu, 01 jan 1970/i.test(line)) this.cookies.delete(name)
    else this.cookies.set(name, value)
  }

  /** Follows redirects inside the server's origin; stops at a page or where the application would take over. */
  async walk(url, fields) {
    let answer = await this.go(url, fields)
    for (let hops = 0; answer.location; hops++) {
      if (hops > 10) throw new Error(`endless redirects: ${this.visited.join(', ')}`)
      if (new URL(answer.location).origin !== this.origin) return answer
      if (![200, 302, 303].includes(answer.status)) throw new Error(`redirect with ${answer.status}`)
      answer = await this.go(answer.location)
    }
    return answer
  }

  /** Sends the page's form that has this input or button, with these answers. */
  async submit(page, answers, choose = () => true) {
    const form = forms(page.html).find((f) => f.method === 'post' && choose(f))
    if (!form) throw new Error(`no such form on ${page.url} (${page.status}): ${page.html.replace(/\s+/g, ' ').slice(0, 3000)}`)
    return this.walk(new URL(form.action, page.url).href, { ...form.fields, ...answers })
  }

  /**
   * Goes through whatever the server asks of this person until the application takes over: who, password, consent.
   * Returns the address that the application is called at.
   */
  async signIn(url, { email, password }) {
    let page = await this.walk(url)
    const seen = []
    for (let step = 0; step < 6; step++) {
      if (page.location) return { url: new URL(page.location), seen }
      if (page.status >= 400) throw new Error(`${page.url} answered ${page.status} after ${this.visited.join(', ')}: ${page.html.slice(0, 3000)}`)
      const posts = forms(page.html).filter((f) => f.method === 'post')
      const has = (test) => posts.some((f) => f.inputs.some(test))
      if (has((i) => i.type === 'password')) {
        seen.push('password')
        const form = posts.find((f) => f.inputs.some((i) => i.type === 'password'))
        page = await this.submit(page, { [form.inputs.find((i) => i.type === 'password').name]: password }, (f) => f.action === form.action && f.inputs.some((i) => i.type === 'password'))
      } else if (has((i) => i.type === 'email' || i.name === 'identifier' || i.name === 'email')) {
        seen.push('identifier')
        const find = (i) => i.type === 'email' || i.name === 'identifier' || i.name === 'email'
        const form = posts.find((f) => f.inputs.some(find))
        page = await this.submit(page, { [form.inputs.find(find).name]: email }, (f) => f.inputs.some(find))
      } else {
        seen.push('consent')
        page = await this.consent(page, true)
      }
    }
    throw new Error(`sign-in does not end: ${this.visited.join(', ')}`)
  }

  /** Presses allow or deny on the consent page: the first button of its form allows, the one that says so denies. */
  consent(page, allow) {
    const denies = (b) => /deny|cancel|reject|refuse/i.test(`${b.name} ${b.value}`)
    const form = forms(page.html).find((f) => f.method === 'post' && f.buttons.some(denies))
    if (!form) throw new Error(`no consent form on ${page.url}: ${page.html.replace(/\s+/g, ' ').slice(0, 3000)}`)
    const button = form.buttons.find((b) => (allow ? !denies(b) : denies(b)))
    return this.walk(new URL(form.action, page.url).href, { ...form.fields, ...(button.name ? { [button.name]: button.value ?? '' } : {}) })
  }
}
