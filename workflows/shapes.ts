/** The one list of what the workflows of each domain accept. A workflow without a shape does not compile. */
export { canvasShapes as canvas } from './canvas/shapes.ts';
export { documentShapes as documents } from './documents/shapes.ts';
export { emailShapes as email } from './email/shapes.ts';
export { housekeepingShapes as housekeeping } from './housekeeping/shapes.ts';
export { importShapes as imports } from './imports/shapes.ts';
export { reportShapes as reports } from './reports/shapes.ts';
export { scheduleShapes as schedules } from './schedules/shapes.ts';
export { taskShapes as tasks } from './tasks/shapes.ts';
