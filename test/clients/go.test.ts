// Two clients of Go: franz-go and sarama.
import { missingOf, needed } from '../support/found.ts'
import { buildGo } from '../support/go.ts'
import { clients } from './clients.ts'
import { type Report, parseReport } from './exercise.ts'
import { judge } from './judge.ts'

for (const name of ['franz', 'sarama'] as const) {
  const program = await buildGo(name)
  const play = async (bootstrap: string): Promise<Report> =>
    parseReport((await needed(program)(bootstrap)).trim().split('\n'))
  judge(clients[name], play, missingOf(program))
}
