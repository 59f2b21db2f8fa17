// Two clients of Python: confluent-kafka is librdkafka of today, kafka-python shares no code with any other.
import { missingOf, needed } from '../support/found.ts'
import { findPython } from '../support/python.ts'
import { clients } from './clients.ts'
import { type Report, parseReport } from './exercise.ts'
import { judge } from './judge.ts'

const python = findPython()

/** Plays one of the scripts of test/python. */
const playing =
  (script: string) =>
  async (bootstrap: string): Promise<Report> =>
    parseReport((await needed(python)(script, bootstrap)).trim().split('\n'))

const missing = missingOf(python)
judge(clients['confluent-kafka'], playing('confluent_exercise.py'), missing)
judge(clients['kafka-python'], playing('kafka_python_exercise.py'), missing)
