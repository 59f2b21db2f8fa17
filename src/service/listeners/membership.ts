// Whether the consumer is a member of its group, and since when.
import type { Clock } from '../clock.ts'
import type { MembershipState } from './words.ts'

export class Membership {
  private readonly clock: Clock
  private readonly isMember: () => boolean
  private is: MembershipState['is'] = 'joining'
  private since: number
  private wasMember = false
  private error: unknown

  constructor(clock: Clock, isMember: () => boolean) {
    this.clock = clock
    this.isMember = isMember
    this.since = clock.now()
  }

  state(): MembershipState {
    this.look()
    const { is, since, wasMember, error } = this
    return { is, since: this.clock.now() - since, wasMember, ...(error !== undefined && { error }) }
  }

  /** Notices a change; as exact in time as it is called often. */
  look(): void {
    if (this.is === 'ended') return
    const isMember = this.isMember()
    if (isMember) this.wasMember = true
    this.become(isMember ? 'member' : 'joining')
  }

  end(error?: unknown): void {
    this.error = error
    this.become('ended')
  }

  private become(is: MembershipState['is']): void {
    if (is === this.is) return
    this.is = is
    this.since = this.clock.now()
  }
}
