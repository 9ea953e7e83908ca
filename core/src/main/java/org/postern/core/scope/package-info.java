// SPDX-License-Identifier: Apache-2.0
/** Which value of an option holds for a binding and a routing domain, and what all the options are. */
package org.postern.core.scope;
