// SPDX-License-Identifier: Apache-2.0
/** The verb that explains which account a message would go out by. It asks the engine as any other program would. */
package org.postern.core.explain;
