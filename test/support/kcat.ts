// kcat, the command line of librdkafka: a client that shares no code with ours or Java's.
import { spawn, spawnSync } from 'node:child_process'

/** Why this machine can't run kcat, or undefined when it can. */
export function kcatIsMissing(): string | undefined {
  return spawnSync('kcat', ['-V'], { stdio: 'ignore' }).status === 0 ? undefined : 'kcat is not installed'
}

/** What kcat prints. Throws when it fails, or does not end within a minute. */
export function kcat(args: readonly string[], input: string | Buffer = ''): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('kcat', [...args], { timeout: 60_000, killSignal: 'SIGKILL' })
    const out: Buffer[] = []
    let err = ''
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => (err += String(chunk)))
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve(Buffer.concat(out)) : reject(new Error(`kcat ${args.join(' ')} ended with ${code}: ${err}`)),
    )
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
  })
}
