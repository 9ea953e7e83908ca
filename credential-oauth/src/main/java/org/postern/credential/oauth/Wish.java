// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.util.Optional;

/**
 * What an account wants where it wants a token.
 *
 * @param refused the versions of the secrets that the provider has refused, if it has
 * @param held the token that is to be replaced, if it is still good
 * @param failures in a row before this
 * @param byOperator whether somebody wants the provider asked, whatever it said before
 */
record Wish(Optional<String> refused, Optional<HeldToken> held, int failures, boolean byOperator) {}
