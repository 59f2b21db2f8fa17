import { run } from '@evplat/service'
import { service } from './service.ts'

await run(service)
