// SPDX-License-Identifier: Apache-2.0
/** Measures the built relay from one end to the other, beside Postfix on the same machine in the same run. */
package org.postern.bench;
