import type { Reporter, TestModule } from 'vitest/node';

/** Names every test that did not run, so that no suite shrinks in silence. */
export default class SkippedTests implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const names = modules.flatMap((module) =>
      [...module.children.allTests('skipped')].map(
        (test) => `${module.relativeModuleId} > ${test.fullName}`,
      ),
    );
    console.log([`${names.length} skipped`, ...names].join('\n  skipped: '));
  }
}
