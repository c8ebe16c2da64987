from dataclasses import replace

import torch

from triptych.encoders.chosen import open_encoders
from triptych.network.network import Network, Sizes


def test_logits_come_per_record_and_class(network, inputs):
    assert network(network.compress(inputs)).shape == (30, 2)


def test_rows_of_inputs_keep_together(inputs):
    rows = torch.tensor([3, 1])
    part = inputs[rows]
    assert len(part) == 2
    torch.testing.assert_close(part.image[0], inputs.image[3])
    assert part.labels.tolist() == [inputs.labels[3], inputs.labels[1]]


def test_without_readings_there_are_the_papers_three_panels(config, inputs):
    sizes = Sizes(channels=12, grid=2, text=10, readings=0, classes=2)
    network = Network(config, sizes, open_encoders(config.encoders))
    three = replace(inputs, readings=None)
    network.fit_inputs(three)
    assert list(network.branches) == ["image", "vlm", "llm"]
    assert network(network.compress(three)).shape == (30, 2)


def test_words_come_last_and_go_straight_to_the_logits_too(config, inputs):
    sizes = Sizes(channels=12, grid=2, text=10, readings=4, classes=2, words=2)
    network = Network(config, sizes, open_encoders(config.encoders)).eval()
    network.fit_inputs(inputs)
    compressed = network.compress(inputs)
    before, alone, drawn = _what_it_says(network, compressed)
    with torch.no_grad():
        network.wide.bias.copy_(torch.tensor([0.0, 1.0]))
        network.wide.weight[0, 1] = 2.0  # the last of the readings
    after, alone_after, drawn_after = _what_it_says(network, compressed)
    told = torch.stack([2 * compressed.readings[:, -1], torch.ones(30)], dim=1)
    torch.testing.assert_close(after - before, told)
    torch.testing.assert_close(alone_after["readings"] - alone["readings"], told)
    torch.testing.assert_close(drawn_after - drawn, told)
    torch.testing.assert_close(alone_after["llm"], alone["llm"])
    network.activate({"image", "vlm", "llm"})
    assert not torch.allclose(network(compressed), after)
    network.wide.weight.data.mul_(5)
    torch.testing.assert_close(network(compressed), network(replace(compressed, readings=compressed.readings + 1)))


def _what_it_says(network, compressed):
    """Logits of all inputs, of each branch alone, and of the readings alone after fusion."""
    with torch.no_grad():
        return network(compressed), network.branch_logits(compressed), network.readings_logits(compressed.readings)


def test_what_one_record_gets_does_not_depend_on_the_records_beside_it(network, inputs):
    network.eval()
    with torch.no_grad():
        together = network(network.compress(inputs))[4:5]
        alone = network(network.compress(inputs[torch.tensor([4])]))
    torch.testing.assert_close(together, alone, atol=1e-5, rtol=1e-5)


def test_the_temperature_stays_in_bounds(network):
    with torch.no_grad():
        network.log_temperature.fill_(-50.0)
        torch.testing.assert_close(network.temperature.detach(), torch.tensor(0.01))
        network.log_temperature.fill_(50.0)
        assert network.temperature.item() == 1.0


def test_a_text_that_is_missing_counts_for_nothing(network, inputs):
    network.eval()
    some = torch.arange(30) < 2
    without = replace(inputs, missing_llm=some)
    other = replace(without, llm=inputs.llm + 5 * some[:, None])
    compressed = network.compress(without)
    assert not network.represent(compressed)["llm"][:2].any()
    torch.testing.assert_close(network(compressed), network(network.compress(other)))
    whole = network(network.compress(inputs))
    torch.testing.assert_close(network(compressed)[2:], whole[2:])
    assert not torch.allclose(network(compressed)[:2], whole[:2])
