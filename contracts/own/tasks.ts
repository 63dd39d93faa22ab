/** Tasks of the installation itself; empty by default. `docs/adding-a-task.md` shows how to add one. */
export const ownTasks = {} as const;
