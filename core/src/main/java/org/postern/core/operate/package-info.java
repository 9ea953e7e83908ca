// SPDX-License-Identifier: Apache-2.0
/** What operators do to mail that waits. Asks the engine over its border, as any tool would. */
package org.postern.core.operate;
