/** The local stack cannot come up. The message is one sentence that says what is wrong and what to do. */
export class StackError extends Error {
  override readonly name = 'StackError';
}

/** Turns what the file system answered into that sentence; other errors stay as they are. */
export function explainFileError(err: unknown, folder: string): unknown {
  const { code } = err as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new StackError(`The disk of ${folder} is full: free some space and start again.`);
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new StackError(
      `The data folder ${folder} cannot be written: give this user the right to, or set TILLFLOW_DATA_DIR to another folder.`,
    );
  }
  if (code === 'ENOENT') {
    return new StackError(`The data folder ${folder} cannot be made here: set TILLFLOW_DATA_DIR to another folder.`);
  }
  if (code === 'ENOTDIR' || code === 'EEXIST') {
    return new StackError(
      `The data folder ${folder} is no folder: move what stands there away, or set TILLFLOW_DATA_DIR to another folder.`,
    );
  }
  return err;
}
