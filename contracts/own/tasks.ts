/** The tasks of one's own: none yet. `docs/adding-a-task.md` shows how to add one. */
export const ownTasks = {} as const;
