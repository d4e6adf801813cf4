/** One line of a Select. */
export interface SelectOption {
  readonly value: string;
  readonly label: string;
  /** A team colour, shown as a square before the label. */
  readonly color?: string | undefined;
  /** A second line in smaller type. */
  readonly detail?: string | undefined;
  readonly disabled?: boolean | undefined;
}
