#!/usr/bin/env node
// Checks the Node version, sets a fresh clone up, and runs the built program. Nothing else.
import { existsSync } from 'node:fs'
import module from 'node:module'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`evplat needs Node 20.19 or newer, this is ${process.versions.node}\n`)
  process.exit(1)
}
module.enableCompileCache?.()
if (existsSync(new URL('../scripts/set-up.js', import.meta.url))) {
  const { setUp } = await import('../scripts/set-up.js')
  setUp()
}
const { main } = await import('../dist/cli/main.js')
await main()
