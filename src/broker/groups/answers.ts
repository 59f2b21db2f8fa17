// Answers to join and sync that carry nothing but an error.
import type { ErrorName } from '../../protocol/error-table.ts'
import { noBytes } from './member.ts'
import type { JoinAnswer, SyncAnswer } from './requests.ts'

export function joinError(error: ErrorName, memberId: string): JoinAnswer {
  return {
    error,
    generation: -1,
    protocolType: null,
    protocolName: null,
    leaderId: '',
    skipAssignment: false,
    memberId,
    members: [],
  }
}

export function syncError(error: ErrorName): SyncAnswer {
  return { error, protocolType: null, protocolName: null, assignment: noBytes }
}
