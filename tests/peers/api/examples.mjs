// Writes docs/examples: each operation of the management API with curl, Python and JavaScript, made from docs/openapi.json. `node examples.mjs [folder]`.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { operations, root, walk } from './plan.mjs'

export const python = `import json, os, urllib.request

def api(method, path, body=None, type="application/json"):
    request = urllib.request.Request(os.environ["GATEHOUSE"] + path, method=method, data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": "Bearer " + os.environ["TOKEN"], **({} if body is None else {"Content-Type": type})})
    with urllib.request.urlopen(request) as answer:
        text = answer.read().decode(errors="replace")
        return json.loads(text) if answer.headers.get_content_type() == "application/json" else text
`
export const javascript = `async function api(method, path, body, type = 'application/json') {
  const headers = { authorization: \`Bearer \${process.env.TOKEN}\`, ...(body === undefined ? {} : { 'content-type': type }) }
  const answer = await fetch(process.env.GATEHOUSE + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) })
  const text = await answer.text()
  if (!answer.ok) throw Object.assign(new Error(text), { status: answer.status })
  return answer.headers.get('content-type')?.startsWith('application/json') ? JSON.parse(text) : text
}
`

const shell = (text) => text.replace(/\{\{([a-z_]+_id)\}\}/g, (_, name) => '$' + name.toUpperCase())
const literal = (value, { yes, no, none, quote }) => {
  const write = (v) => v === null ? none : v === true ? yes : v === false ? no : typeof v === 'string' ? quote(v)
    : Array.isArray(v) ? `[${v.map(write).join(', ')}]` : typeof v === 'object' ? `{${Object.entries(v).map(([k, x]) => `${JSON.stringify(k)}: ${write(x)}`).join(', ')}}` : String(v)
  return write(value)
}
const whole = /^\{\{([a-z_]+_id)\}\}$/
const inPython = (v) => literal(v, { yes: 'True', no: 'False', none: 'None', quote: (s) => whole.exec(s)?.[1] ?? JSON.stringify(s) })
const inJavaScript = (v) => literal(v, { yes: 'true', no: 'false', none: 'null', quote: (s) => whole.exec(s)?.[1] ?? JSON.stringify(s) })

const member = (path, open) => path.split('.').map((p) => /^\d+$/.test(p) ? `[${p}]` : open(p)).join('')

/** The three ways to say one step. */
export function say(step) {
  const { method, target, body, type, save } = step
  const mime = type && type !== 'application/json' ? type : null
  const path = { python: target.includes('{{') ? `f"${target.replace(/\{\{([a-z_]+)\}\}/g, '{$1}')}"` : `"${target}"`, javascript: target.includes('{{') ? '`' + target.replace(/\{\{([a-z_]+)\}\}/g, '${$1}') + '`' : `'${target}'` }
  const data = body === undefined ? '' : ` \\\n  -H 'Content-Type: ${type}' -d @- <<EOF\n${shell(JSON.stringify(body))}\nEOF`
  const call = {
    python: `api("${method}", ${path.python}${body === undefined ? '' : `, ${inPython(body)}`}${mime ? `, "${mime}"` : ''})`,
    javascript: `await api('${method}', ${path.javascript}${body === undefined ? '' : `, ${inJavaScript(body)}`}${mime ? `, '${mime}'` : ''})`,
  }
  return {
    curl: `curl -sS${method === 'GET' ? '' : ` -X ${method}`} "$GATEHOUSE${shell(target)}" -H "Authorization: Bearer $TOKEN"${data}`,
    python: save ? `${save[0]} = ${call.python}${member(save[1], (p) => `["${p}"]`)}` : `print(${call.python})`,
    javascript: save ? `const ${save[0]} = (${call.javascript})${member(save[1], (p) => `.${p}`)}` : `console.log(${call.javascript})`,
  }
}

function pages() {
  const made = new Map(walk().filter((s) => !s.again).map((s) => [s.id, s]))
  const tags = new Map()
  for (const o of operations()) tags.set(o.tag, [...(tags.get(o.tag) ?? []), o])
  const files = {
    'README.md': `# Examples

Made from [the description](../openapi.json) by \`node tests/peers/api/examples.mjs\`; the tests send every one of them to a server, in all three languages.

They take the tenant's address and a token of the management API ([how to get one](../guides/operate.md)) from the environment: \`GATEHOUSE=https://id.example.com\`, \`TOKEN=…\`.
Ids that an earlier example made stand in variables: \`$USER_ID\` in the shell, \`user_id\` elsewhere. The same calls are in [the Postman collection](gatehouse.postman_collection.json).

${[...tags.keys()].sort().map((t) => `[${t}](${t}.md)`).join(', ')}

## What the Python examples begin with

\`\`\`python
${python}\`\`\`

## What the JavaScript examples begin with

\`\`\`js
${javascript}\`\`\`
` }
  for (const [tag, list] of tags) {
    const parts = list.map((o) => {
      const said = say(made.get(o.id) ?? o)
      return `## ${o.id}\n\n${o.summary.replace(/\.?$/, '.')}\n\n\`\`\`sh\n${said.curl}\n\`\`\`\n\n\`\`\`python\n${said.python}\n\`\`\`\n\n\`\`\`js\n${said.javascript}\n\`\`\`\n`
    })
    files[`${tag}.md`] = `# ${tag}\n\nWhat comes first is in [README.md](README.md).\n\n${parts.join('\n')}`
  }
  return files
}

if (process.argv[1] === import.meta.filename) {
  const folder = process.argv[2] ?? join(root, 'docs', 'examples')
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of Object.entries(pages())) writeFileSync(join(folder, name), text)
}
