// SPDX-License-Identifier: Apache-2.0
/** Who used and changed which credential, where, and what came of it: a log that shows what was taken out of it. */
package org.postern.core.audit;
