/**
 * `npm run setup:tfjs-node`: brings '@tensorflow/tfjs-node' to this checkout.
 *
 * Its own install script downloads libtensorflow. Where that host cannot be reached, the library and its
 * headers come out of the wheel `tensorflow-cpu` of PyPI and the addon is compiled against them.
 *
 * Everything lies in output/tfjs-node and node_modules has a link to it. npm removes the link whenever it
 * changes node_modules; the `dependencies` script of package.json runs this with `--link` to put it back.
 * A step that failed is taken up where it stopped.
 */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// npm's `dependencies` script: after every change of node_modules, put back what is already built.
const linkOnly = process.argv.includes('--link');

const PACKAGE = '@tensorflow/tfjs-node';
const WHEEL = 'tensorflow-cpu==2.16.2';
const HOST =
  'https://storage.googleapis.com/tensorflow/libtensorflow/libtensorflow-cpu-linux-x86_64-2.9.1.tar.gz';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const home = join(root, 'output', 'tfjs-node');
const modules = join(home, 'node_modules');
const installed = join(modules, PACKAGE);
const libraries = join(installed, 'deps', 'lib');

if (linkOnly) {
  if (existsSync(join(installed, 'lib'))) link();
  process.exit();
}
checkNode();
if (loads()) {
  say(`${PACKAGE} already loads; nothing to do.`);
} else {
  installPackages();
  link();
  if (!loads()) await build();
  if (!loads())
    fail(
      `${PACKAGE} was built and does not load.`,
      `See why with: node -e "require('${PACKAGE}')"`,
    );
  say(`${PACKAGE} loads.`);
}

/** Node 23 removed `util.isNullOrUndefined`, which tfjs-node 4.22 calls. */
function checkNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 23) return;
  fail(
    `Node ${process.versions.node} has no util.isNullOrUndefined, which ${PACKAGE} 4.22 calls.`,
    'Use Node 20 or 22.',
  );
}

function loads() {
  return succeeds(process.execPath, [
    '-e',
    `require('${PACKAGE}').matMul([[1]], [[1]]).dataSync()`,
  ]);
}

/** The packages without their install scripts; those that are there stay as they are. */
function installPackages() {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const version = devDependencies['@tensorflow/tfjs-core'];
  say(`packages: ${PACKAGE}@${version} in ${modules}`);
  mkdirSync(home, { recursive: true });
  writeFileSync(
    join(home, 'package.json'),
    JSON.stringify({ private: true, dependencies: { [PACKAGE]: version } }),
  );
  const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
  run(
    'npm',
    ['install', '--ignore-scripts', ...quiet],
    home,
    'Check that npm reaches its registry (npm ping).',
  );
}

/** Links the package, which then shares what the checkout has: two copies of tfjs-core would be two engines. */
function link() {
  const scope = join(root, 'node_modules', '@tensorflow');
  for (const name of readdirSync(scope)) {
    if (name !== 'tfjs-node')
      rmSync(join(modules, '@tensorflow', name), { recursive: true, force: true });
  }
  const at = join(root, 'node_modules', PACKAGE);
  rmSync(at, { recursive: true, force: true });
  symlinkSync(installed, at, 'junction');
}

async function build() {
  if (existsSync(libraries)) say('libtensorflow: kept');
  else if (await hostAnswers()) say("libtensorflow: the package's own install script downloads it");
  else libtensorflowFromWheel();
  say('addon: compiling');
  // Node's own headers, where they lie beside it; else node-gyp downloads them.
  const prefix = dirname(dirname(process.execPath));
  const headers = existsSync(join(prefix, 'include', 'node')) ? { npm_config_nodedir: prefix } : {};
  const PATH = [join(modules, '.bin'), dirname(process.execPath), process.env.PATH].join(delimiter);
  run(
    process.execPath,
    [join('scripts', 'install.js')],
    installed,
    'It needs a C++ compiler, make and python3 (Debian: apt-get install g++ make python3).',
    { ...headers, PATH },
  );
}

async function hostAnswers() {
  try {
    return (await fetch(HOST, { method: 'HEAD', signal: AbortSignal.timeout(5000) })).ok;
  } catch {
    return false;
  }
}

function libtensorflowFromWheel() {
  say(`libtensorflow: its host does not answer; taking it from the wheel ${WHEEL} (214 MB)`);
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    fail(
      `This way is for linux x64, and this is ${process.platform} ${process.arch}.`,
      'Set TFJS_NODE_CDN_STORAGE to a mirror of the download host and run this again.',
    );
  }
  if (!succeeds('python3', ['-m', 'pip', '--version'])) {
    fail(
      'python3 with pip is missing.',
      'Install it (Debian: apt-get install python3-pip) and run this again.',
    );
  }
  const downloads = join(home, 'wheel');
  run(
    'python3',
    [
      '-m',
      'pip',
      'download',
      '--quiet',
      '--no-deps',
      '--only-binary=:all:',
      '--python-version=3.11',
      '--implementation=cp',
      '--abi=cp311',
      '--platform=manylinux_2_17_x86_64',
      `--dest=${downloads}`,
      WHEEL,
    ],
    root,
    'Check that pip reaches its index (python3 -m pip download --no-deps six).',
  );
  say('libtensorflow: unpacking');
  const wheel = join(
    downloads,
    readdirSync(downloads).find((name) => name.endsWith('.whl')),
  );
  const unpacked = join(downloads, 'unpacked');
  const unpack = [
    'import re, sys, zipfile',
    'wheel = zipfile.ZipFile(sys.argv[1])',
    "wanted = re.compile(r'tensorflow/(libtensorflow_(cc|framework)\\.so\\.2$|include/(tensorflow/c|tensorflow/core/platform|tsl)/.*\\.h$)')",
    'wheel.extractall(sys.argv[2], filter(wanted.match, wheel.namelist()))',
  ].join('\n');
  run('python3', ['-c', unpack, wheel, unpacked], root, `Delete ${downloads} and run this again.`);

  const deps = join(installed, 'deps');
  const staged = join(downloads, 'lib');
  mkdirSync(deps, { recursive: true });
  mkdirSync(staged, { recursive: true });
  for (const [name, file] of [
    ['libtensorflow', 'libtensorflow_cc.so.2'],
    ['libtensorflow_framework', 'libtensorflow_framework.so.2'],
  ]) {
    renameSync(join(unpacked, 'tensorflow', file), join(staged, file));
    // The linker looks for the short name, the install script for the one of the release it was written for.
    for (const alias of [`${name}.so`, `${name}.so.2.9.1`]) symlinkSync(file, join(staged, alias));
  }
  rmSync(join(deps, 'include'), { recursive: true, force: true });
  renameSync(join(unpacked, 'tensorflow', 'include'), join(deps, 'include'));
  // Last, so that a run that was cut off starts over.
  renameSync(staged, libraries);
  rmSync(downloads, { recursive: true });
}

function run(command, args, cwd, remedy, env = {}) {
  try {
    execFileSync(command, args, { cwd, stdio: 'inherit', env: { ...process.env, ...env } });
  } catch (error) {
    fail(`${command} failed: ${error.message.split('\n')[0]}`, remedy);
  }
}

function succeeds(command, args) {
  try {
    execFileSync(command, args, {
      cwd: root,
      stdio: 'ignore',
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' },
    });
    return true;
  } catch {
    return false;
  }
}

function say(step) {
  console.log(`setup:tfjs-node: ${step}`);
}

function fail(what, remedy) {
  console.error(`setup:tfjs-node: ${what} ${remedy}`);
  process.exit(1);
}
