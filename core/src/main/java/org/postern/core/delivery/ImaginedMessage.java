// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.core.intake.Arriving;
import org.postern.core.intake.BindingField;
import org.postern.engine.BindingRequest;
import org.postern.engine.ExplainRequest;
import org.postern.engine.PolicyException;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.BodyType;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MessageId;
import org.postern.spi.mail.RoutingDomain;
import org.postern.spi.policy.MessageView;

/**
 * A message that is explained and not sent, as if it had just been accepted.
 *
 * @param arrived with its binding
 * @param routingDomain what it would be queued under
 * @param variables those that hooks set at reception
 * @param bindingStory how the binding was chosen, one line per step
 */
record ImaginedMessage(
        Arriving arrived, RoutingDomain routingDomain, Map<String, String> variables, List<String> bindingStory)
        implements MessageView {

    private static final MessageId ID = new MessageId("explained");

    /** As reception would have it. The request's binding stands; its header and hooks choose where there is none. */
    static ImaginedMessage of(ExplainRequest request, Bindings bindings, BindingChooser chooser, Routes routes)
            throws PolicyException {
        BindingField field = new BindingField(true);
        ByteBuffer content = ByteBuffer.wrap(request.header().getBytes(StandardCharsets.UTF_8));
        long size = field.pass(content).length + content.remaining() + field.end().length;
        Envelope envelope = new Envelope(request.sender(), List.of(request.recipient()), BodyType.SEVEN_BIT, false);
        Arriving arriving = new Arriving(envelope, Binding.DEFAULT, size, field.rest());
        List<String> story = new ArrayList<>();
        Map<String, String> variables = new HashMap<>();
        Binding binding = request.binding().isPresent()
                ? given(request.binding().get(), bindings, story)
                : chooser.choose(
                        arriving, new BindingRequest(Optional.empty(), true), field.values(), variables, story::add);
        RoutingDomain domain =
                routes.queueFor(binding, request.recipient().routingDomain()).domain();
        return new ImaginedMessage(arriving.under(binding), domain, Map.copyOf(variables), List.copyOf(story));
    }

    private static Binding given(String name, Bindings bindings, List<String> story) {
        Optional<Binding> found = bindings.named(name);
        story.add(
                found.isPresent()
                        ? name + ": the question names it"
                        : "there is no binding '" + name + "' in this configuration; default is used");
        return found.orElse(Binding.DEFAULT);
    }

    @Override
    public MessageId id() {
        return ID;
    }

    @Override
    public Envelope envelope() {
        return arrived.envelope();
    }

    @Override
    public Binding binding() {
        return arrived.binding();
    }

    @Override
    public int retries() {
        return 0;
    }

    @Override
    public boolean credentialRefused() {
        return false;
    }

    @Override
    public long size() {
        return arrived.size();
    }

    @Override
    public List<String> header(String name) {
        return arrived.header(name);
    }
}
