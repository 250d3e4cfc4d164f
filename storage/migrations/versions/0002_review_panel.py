"""The review panel: phases, declarations, versions of reviews, attachments, meetings, consensus"""

import sqlalchemy as sa
from alembic import op

import storage.types


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('attachment_contents',
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('sha256', name=op.f('pk_attachment_contents'))
    )
    op.create_table('meetings',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('call_id', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('started_at', storage.types.Utc(timezone=True), nullable=False),
    sa.Column('ended_at', storage.types.Utc(timezone=True), nullable=True),
    sa.Column('led_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('present', sa.JSON(), nullable=False),
    sa.Column('notes', sa.Text(), nullable=False),
    sa.Column('record', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['calls.id'], name=op.f('fk_meetings_call_id_calls')),
    sa.ForeignKeyConstraint(['led_by'], ['accounts.id'], name=op.f('fk_meetings_led_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meetings'))
    )
    with op.batch_alter_table('meetings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_meetings_call_id'), ['call_id'], unique=False)

    op.create_table('panel_members',
    sa.Column('call_id', sa.Text(), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('takes_part', sa.Boolean(), nullable=False),
    sa.Column('largest_load', sa.Integer(), nullable=True),
    sa.Column('expertise', sa.JSON(), nullable=False),
    sa.Column('languages', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_panel_members_account_id_accounts')),
    sa.ForeignKeyConstraint(['call_id'], ['calls.id'], name=op.f('fk_panel_members_call_id_calls')),
    sa.PrimaryKeyConstraint('call_id', 'account_id', name=op.f('pk_panel_members'))
    )
    with op.batch_alter_table('panel_members', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_panel_members_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_panel_members_call_id'), ['call_id'], unique=False)

    op.create_table('attachments',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('application_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('filename', sa.Text(), nullable=False),
    sa.Column('media_type', sa.Text(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('added_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('added_at', storage.types.Utc(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['added_by'], ['accounts.id'], name=op.f('fk_attachments_added_by_accounts')),
    sa.ForeignKeyConstraint(['application_id'], ['applications.id'], name=op.f('fk_attachments_application_id_applications')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachments'))
    )
    with op.batch_alter_table('attachments', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attachments_application_id'), ['application_id'], unique=False)

    op.create_table('consensus',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('application_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('meeting_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('left_room', sa.JSON(), nullable=False),
    sa.Column('effect', sa.JSON(), nullable=False),
    sa.Column('recorded_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('recorded_at', storage.types.Utc(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['applications.id'], name=op.f('fk_consensus_application_id_applications')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meetings.id'], name=op.f('fk_consensus_meeting_id_meetings')),
    sa.ForeignKeyConstraint(['recorded_by'], ['accounts.id'], name=op.f('fk_consensus_recorded_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consensus')),
    sa.UniqueConstraint('application_id', name=op.f('uq_consensus_application_id'))
    )
    with op.batch_alter_table('consensus', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_consensus_meeting_id'), ['meeting_id'], unique=False)

    op.create_table('impartiality',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('application_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('declared_at', storage.types.Utc(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_impartiality_account_id_accounts')),
    sa.ForeignKeyConstraint(['application_id'], ['applications.id'], name=op.f('fk_impartiality_application_id_applications')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_impartiality')),
    sa.UniqueConstraint('application_id', 'account_id', name=op.f('uq_impartiality_application_id_account_id'))
    )
    with op.batch_alter_table('impartiality', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_impartiality_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_impartiality_application_id'), ['application_id'], unique=False)

    op.create_table('consensus_scores',
    sa.Column('consensus_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('criterion_id', sa.Text(), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['consensus_id'], ['consensus.id'], name=op.f('fk_consensus_scores_consensus_id_consensus')),
    sa.PrimaryKeyConstraint('consensus_id', 'criterion_id', name=op.f('pk_consensus_scores'))
    )
    with op.batch_alter_table('consensus_scores', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_consensus_scores_consensus_id'), ['consensus_id'], unique=False)

    op.create_table('review_versions',
    sa.Column('review_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('saved_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('saved_at', storage.types.Utc(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['review_id'], ['reviews.id'], name=op.f('fk_review_versions_review_id_reviews')),
    sa.PrimaryKeyConstraint('review_id', 'version', name=op.f('pk_review_versions'))
    )
    with op.batch_alter_table('review_versions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_versions_review_id'), ['review_id'], unique=False)

    # Columns are added in place: SQLite cannot drop and copy a table that others refer to.
    with op.batch_alter_table('accounts', schema=None, recreate='never') as batch_op:
        batch_op.add_column(sa.Column('municipality_code', sa.Text(), server_default=sa.text("''"), nullable=False))
        batch_op.add_column(sa.Column('employer', sa.Text(), server_default=sa.text("''"), nullable=False))

    with op.batch_alter_table('assignments', schema=None, recreate='never') as batch_op:
        batch_op.add_column(sa.Column('locked', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('abstained_at', storage.types.Utc(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('abstention_reason', sa.Text(), server_default=sa.text("''"), nullable=False))

    with op.batch_alter_table('calls', schema=None, recreate='never') as batch_op:
        batch_op.add_column(sa.Column('phase', sa.Text(), server_default=sa.text("'review'"), nullable=False))
        batch_op.add_column(sa.Column('review_deadline', storage.types.Utc(timezone=True), nullable=True))

    with op.batch_alter_table('conflicts', schema=None, recreate='never') as batch_op:
        batch_op.add_column(sa.Column('lifted_at', storage.types.Utc(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('lifted_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('lift_reason', sa.Text(), server_default=sa.text("''"), nullable=False))

    with op.batch_alter_table('reviews', schema=None, recreate='never') as batch_op:
        batch_op.add_column(sa.Column('confidence', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('return_reason', sa.Text(), server_default=sa.text("''"), nullable=False))
        batch_op.add_column(sa.Column('returned_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('returned_at', storage.types.Utc(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('revealed_version', sa.Integer(), nullable=True))
