// `node --import @evplat/service/typescript src/main.ts`: TypeScript runs as it is on every Node that evplat supports. From 22.18 on Node
// takes the types out by itself, and this does nothing; before, esbuild of the project does it while a file is loaded.
import { register } from 'node:module'
import { cwd, features } from 'node:process'

// the types of the oldest Node that is supported do not know it
const stripsTypes = (features as { readonly typescript?: false | string }).typescript
if (stripsTypes === undefined || stripsTypes === false)
  register('./hooks.js', { parentURL: import.meta.url, data: { project: cwd() } })
