// SPDX-License-Identifier: Apache-2.0
/** SASL LOGIN (draft-murchison-sasl-login), obsolete and still all that some peers have. */
package org.postern.auth.login;
