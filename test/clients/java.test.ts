// Java's clients of both lines of versions: test/java/ClientExercise.java.
import { parseReport } from './exercise.ts'
import { clients } from './clients.ts'
import { judge } from './judge.ts'
import { missingOf, needed } from '../support/found.ts'
import { toolJars } from '../support/kafka-shell.ts'
import { runJava } from '../support/maven.ts'

for (const [version, client] of [['3.9', clients['java-3.9']] as const, ['4.3', clients['java-4.3']] as const]) {
  const jars = await toolJars(version)
  const play = async (bootstrap: string) =>
    parseReport(await runJava('test/java/ClientExercise.java', needed(jars), [bootstrap]))
  judge(client, play, missingOf(jars))
}
