// Starting, measuring and ending the processes under load.
import { spawn, execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, mkdtempSync, rmSync, readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const TICK = Number(execFileSync('getconf', ['CLK_TCK']).toString())
const owned = []

export function start(command, args, env = {}) {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdout.setEncoding('utf8')
  child.text = ''
  child.stdout.on('data', (d) => { child.text = (child.text + d).slice(-20000) })
  owned.push(child)
  return child
}

export async function stop(child) {
  if (child.exitCode !== null) return
  child.kill('SIGTERM')
  await Promise.race([once(child, 'exit'), new Promise((r) => setTimeout(r, 10000))])
  if (child.exitCode === null) child.kill('SIGKILL')
}

/** Ends everything that was started here, and nothing else. */
export const stopAll = async () => { for (const child of owned) await stop(child) }

export async function until(probe, what, seconds = 30) {
  const end = performance.now() + seconds * 1000
  for (;;) {
    const value = await probe().catch(() => null)
    if (value) return value
    if (performance.now() > end) throw new Error(`${what} did not become ready in ${seconds} s`)
    await new Promise((r) => setTimeout(r, 20))
  }
}

/** CPU seconds that a process has used so far. */
export function cpu(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICK
}

export const rss = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024

export const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => resolve(port)) })
})

/** A PostgreSQL of this run's own, durable as in production; returns its connection string. */
export async function postgres() {
  const version = readdirSync('/usr/lib/postgresql').sort((a, b) => Number(b) - Number(a))[0]
  const bin = `/usr/lib/postgresql/${version}/bin`
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-pg-'))
  const port = await freePort()
  const root = process.getuid() === 0
  if (root) execFileSync('chown', ['postgres', folder])
  const run = (program, ...args) => execFileSync('/bin/sh', ['-c', 'exec "$0" "$@" >/dev/null 2>&1', ...(root ? ['runuser', '-u', 'postgres', '--'] : []), join(bin, program), ...args])
  run('initdb', '-D', join(folder, 'data'), '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8')
  run('pg_ctl', '-D', join(folder, 'data'), '-w', '-l', join(folder, 'log'), '-o', `-p ${port} -c listen_addresses=127.0.0.1 -k ${folder}`, 'start')
  process.on('exit', () => { run('pg_ctl', '-D', join(folder, 'data'), '-m', 'immediate', '-w', 'stop'); rmSync(folder, { recursive: true }) })
  const psql = (sql, db) => execFileSync('psql', ['-h', '127.0.0.1', '-p', port, '-U', 'postgres', '-d', db, '-qc', sql])
  psql('CREATE ROLE gatehouse LOGIN', 'postgres')
  psql('CREATE DATABASE gatehouse OWNER gatehouse', 'postgres')
  return `Host=127.0.0.1;Port=${port};Database=gatehouse;Username=gatehouse;Maximum Pool Size=40;SSL Mode=Disable;GSS Encryption Mode=Disable`
}

/** Begins to count a process's CPU; call the answer with the number of requests since for microseconds per request. */
export function perRequest(pid) {
  const before = cpu(pid)
  return (count) => (cpu(pid) - before) / count * 1e6
}

/** wrk prints a time with the unit that suits it; here in milliseconds. */
const milliseconds = (text) => Number(/^[\d.]+/.exec(text)[0]) * { us: 1e-3, ms: 1, s: 1e3, m: 6e4 }[/[a-z]+$/.exec(text)[0]]

/** One wrk run against a process; figures per request come from the process's own CPU clock. */
export function wrk(pid, script, url, { env = {}, seconds = 5, connections = 32 } = {}) {
  const stopCpu = perRequest(pid)
  const out = execFileSync('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', '-s', script, url], { env: { ...process.env, ...env } }).toString()
  const total = Number(/(\d+) requests in/.exec(out)[1])
  // Only below its heading: percentages stand above it too.
  const latencies = out.slice(out.indexOf('Latency Distribution'))
  const at = (percent) => milliseconds(new RegExp(`^\\s+${percent}%\\s+(\\S+)$`, 'm').exec(latencies)[1])
  const bad = /FIRST BAD STATUS.*/.exec(out)?.[0] ?? /Non-2xx or 3xx responses: \d+/.exec(out)?.[0] ?? ''
  return { rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(out)[1]), p50: at(50), p99: at(99), cpuMicros: stopCpu(total), rss: rss(pid), bad }
}
