from assay.kinds.gan.kind import landmarks


def test_halfway_is_half_of_the_training() -> None:
    assert landmarks(187_600) == {0, 93_800, 187_600}
    assert landmarks(7) == {0, 3, 7}
    assert landmarks(1) == {0, 1}
