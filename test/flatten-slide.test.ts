// Stacks of every codec and kind of storage, flattened: as zflat sees them, and the decoders that it brings along.
import { forEachFlattenable } from './contracts/flattenable-stacks.js';
import { describeFlattened } from './contracts/flattened-slide.js';

forEachFlattenable(describeFlattened);
