// Programs of test/go, built by the Go that is there; modules come through its ordinary proxy and stay in its cache.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type Found, fetchedFolder } from './found.ts'

const run = promisify(execFile)

/** Builds a program of test/go into the user's cache; the value runs it with arguments and gives what it prints. */
export async function buildGo(name: string): Promise<Found<(...args: readonly string[]) => Promise<string>>> {
  try {
    await run('go', ['version'])
  } catch {
    return { missing: 'Go is not installed' }
  }
  const program = fetchedFolder('test-go', name)
  try {
    await run('go', ['build', '-o', program, `./${name}`], { cwd: 'test/go', timeout: 240_000 })
  } catch (thrown) {
    const said =
      thrown instanceof Error && 'stderr' in thrown ? String(thrown.stderr).trim().split('\n').at(-1) : thrown
    return { missing: `Go could not build test/go/${name}: ${said}` }
  }
  return { value: async (...args) => (await run(program, args, { timeout: 120_000 })).stdout }
}
