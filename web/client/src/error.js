// What went wrong, as one error whose `code` never changes. Must not know how anything was sent.

/** @import { Problem } from "./index.d.ts" */

/** The wider form of `UnbrokenError` of index.d.ts, which tells the codes apart. */
export class AnyError extends Error {
  /** @param {Omit<Problem, "errors"> & Partial<Problem>} problem */
  constructor(problem) {
    super(problem.detail);
    this.name = "UnbrokenError";
    this.code = problem.code;
    this.status = problem.status;
    this.errors = problem.errors;
    this.retryAfterSeconds = problem.retryAfterSeconds;
    this.requestId = problem.requestId;
    this.idempotencyKey = problem.idempotencyKey;
  }

  /** As plain data, for a place where it is kept. */
  get problem() {
    const { code, status, message: detail, errors, retryAfterSeconds, requestId, idempotencyKey } = this;
    return { code, status, detail, errors, retryAfterSeconds, requestId, idempotencyKey };
  }
}

/** @param {unknown} error */
export const isUnbrokenError = (error) => error instanceof AnyError;
