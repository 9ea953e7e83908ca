// SPDX-License-Identifier: Apache-2.0
/** Time as it passes for those who wait. */
package org.postern.core.time;
