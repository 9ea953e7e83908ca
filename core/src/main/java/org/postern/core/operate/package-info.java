// SPDX-License-Identifier: Apache-2.0
/**
 * What operators do to mail that waits, and to the credentials that it goes out by. Asks the engine over its border, as
 * any tool would.
 */
package org.postern.core.operate;
