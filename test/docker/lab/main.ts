// `npm run lab`: an engine with all the images for whoever wants to try something on it by hand, until Ctrl-C.
import { once } from 'node:events'
import { startLab } from './lab.ts'

const lab = await startLab((message) => void process.stderr.write(`${message}\n`))
if ('missing' in lab) {
  process.stderr.write(`${lab.missing}\n`)
  process.exitCode = 1
} else {
  process.stdout.write(`export DOCKER_HOST=${lab.engine.host}\n`)
  // to wait for a signal keeps no process alive
  const idle = setInterval(() => undefined, 60_000)
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  clearInterval(idle)
  await lab.stop()
}
