// Sends every example of one language to a server, in the order of plan.mjs. Standard input: {"language": "curl" | "python" | "javascript", "gatehouse": …, "token": …, "name": …};
// name stands where the examples say acme. Prints one line per example: its operation and the status. A status that the plan does not expect ends it.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { javascript, python, say } from './examples.mjs'
import { at, walk } from './plan.mjs'
import { input } from '../steps.mjs'

const { language, gatehouse, token, name } = await input()
Object.assign(process.env, { GATEHOUSE: gatehouse, TOKEN: token })
const steps = walk().filter((s) => !s.slow)
const text = (step) => say(step)[language].replaceAll('acme', name)

/** A file of configuration has curl say the status after the answer; the examples need not. */
function curl() {
  const home = mkdtempSync(join(tmpdir(), 'gatehouse-curl-'))
  writeFileSync(join(home, '.curlrc'), 'write-out = "\\n%{http_code}"\n')
  const values = {}
  try {
    return steps.map((step) => {
      const { stdout, stderr, status } = spawnSync('/bin/sh', ['-c', text(step)], { env: { ...process.env, ...values, CURL_HOME: home }, encoding: 'utf8' })
      if (status !== 0) throw new Error(`${step.id}: ${stderr}`)
      const end = stdout.lastIndexOf('\n'), code = Number(stdout.slice(end + 1))
      if (step.save && code < 300) values[step.save[0].toUpperCase()] = at(JSON.parse(stdout.slice(0, end)), step.save[1])
      return { code, said: stdout.slice(0, end) }
    })
  } finally {
    rmSync(home, { recursive: true })
  }
}

/** One program: the beginning once, then each example; a refusal tells its status. */
function inPython() {
  const program = `${python}
import io, urllib.error
from contextlib import redirect_stdout
plain = urllib.request.urlopen
def urlopen(request):
    global status
    answer = plain(request)
    status = answer.status
    return answer
urllib.request.urlopen = urlopen
results = []
for example in json.load(open(0)):
    status, said = 0, io.StringIO()
    try:
        with redirect_stdout(said): exec(example)
        results.append([status, said.getvalue()])
    except urllib.error.HTTPError as refused:
        results.append([refused.code, refused.read().decode()])
    except (NameError, LookupError) as missing:
        results.append([0, str(missing)])
print(json.dumps(results))
`
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-python-'))
  try {
    writeFileSync(join(folder, 'examples.py'), program)
    const { stdout, stderr, status } = spawnSync('python3', [join(folder, 'examples.py')], { input: JSON.stringify(steps.map(text)), encoding: 'utf8', maxBuffer: 64 << 20 })
    if (status !== 0) throw new Error(stderr)
    return JSON.parse(stdout).map(([code, said]) => ({ code, said }))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function inJavaScript() {
  const results = [], values = {}, plain = globalThis.fetch
  let code
  globalThis.fetch = async (...request) => { const answer = await plain(...request); code = answer.status; return answer }
  const AsyncFunction = (async () => {}).constructor
  const api = new Function(`${javascript}; return api`)()
  for (const step of steps) {
    let said = ''
    const console = { log: (value) => { said = JSON.stringify(value) } }
    try {
      const made = step.save?.[0]
      const kept = await new AsyncFunction('api', 'console', ...Object.keys(values).filter((v) => v !== made), `${text(step)}\n${made ? `return ${made}` : ''}`)(api, console, ...Object.entries(values).filter(([v]) => v !== made).map(([, v]) => v))
      if (made) values[made] = kept
    } catch (error) {
      // What an example needs of one that failed is not there.
      if (!error.status) code = 0
      said = error.message
    }
    results.push({ code, said })
  }
  return results
}

const results = await { curl, python: inPython, javascript: inJavaScript }[language]()
let wrong = 0
steps.forEach((step, i) => {
  const { code, said } = results[i]
  console.log(`${step.id} ${code}`)
  if (!step.expect.includes(code)) { wrong++; console.error(`${step.id} answered ${code}, not ${step.expect}: ${said}\n${text(step)}`) }
})
process.exit(wrong ? 1 : 0)
